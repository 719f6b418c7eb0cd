//! The H.264 encoder: quality first, a key picture each second.

use openh264::OpenH264API;
use openh264::encoder::{
    BitRate, Complexity, Encoder, EncoderConfig, FrameRate, FrameType, IntraFramePeriod, QpRange, RateControlMode,
    UsageType, VuiConfig,
};
use openh264::formats::YUVSlices;

use super::container::Track;
use crate::yuv::Planes;

/// Quantisers: the coarsest at which small text stays clean, and as fine as is worth its bytes.
const QUANTIZERS: (u8, u8) = (18, 21);
/// An upper bound for the level that the encoder announces, far above what a drawn picture needs.
const BITS_PER_SECOND: u32 = 20_000_000;

pub(super) struct H264 {
    encoder: Encoder,
}

impl H264 {
    pub(super) fn new(fps: f64) -> Result<Self, openh264::Error> {
        let key_period = fps.round().clamp(1.0, 1000.0) as u32;
        let config = EncoderConfig::new()
            .usage_type(UsageType::CameraVideoRealTime)
            // The mode whose quantiser stays at its bound: a drawn film wants one quality, whatever its size.
            .rate_control_mode(RateControlMode::Bufferbased)
            .bitrate(BitRate::from_bps(BITS_PER_SECOND))
            .max_frame_rate(FrameRate::from_hz(fps as f32))
            .skip_frames(false)
            .complexity(Complexity::High)
            .qp(QpRange::new(QUANTIZERS.0, QUANTIZERS.1))
            .scene_change_detect(false)
            .adaptive_quantization(false)
            .background_detection(false)
            .intra_frame_period(IntraFramePeriod::from_num_frames(key_period))
            .num_threads(1)
            .vui(VuiConfig::bt709());
        Ok(Self { encoder: Encoder::with_api_config(OpenH264API::from_source(), config)? })
    }

    /// Appends one coded picture to the track.
    pub(super) fn encode(&mut self, planes: &Planes, track: &mut Track) -> Result<(), openh264::Error> {
        let (width, half) = (planes.width, planes.width / 2);
        let slices =
            YUVSlices::new((&planes.y, &planes.u, &planes.v), (planes.width, planes.height), (width, half, half));
        let coded = self.encoder.encode(&slices)?;
        let is_key = matches!(coded.frame_type(), FrameType::IDR);
        track.begin_sample(is_key);
        for layer in (0..coded.num_layers()).filter_map(|i| coded.layer(i)) {
            for unit in (0..layer.nal_count()).filter_map(|i| layer.nal_unit(i)) {
                track.push_unit(unit);
            }
        }
        Ok(())
    }
}
