//! Other views: from the belief of one moment, the frame of another moment of the same episode, earlier or later.
//!
//! Eslami et al. 2018 ("Neural Scene Representation and Rendering") ask of a representation what is seen from a pose
//! that they name. Here the pose is the agent's own at another moment of its episode, relative to where it stands, by its
//! own odometry: its actions, added up. Unlike SimCore (Gregor et al. 2019) nothing is simulated step by step, so that a
//! far moment costs no more than a near one; and a frame from before asks only for what has been seen, all of it: a
//! frame that was never seen costs an agent nothing to miss, and one that it saw it must not forget.

use groundling_interface::{EnvironmentSpec, InvalidSetting, Pose, StepKind};
use groundling_nn::{Linear, LstmState, Scope};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

use super::decoder::{Decoder, DeterministicDecoder};
use super::odometry::{NUM_POSE_FEATURES, Odometry, pose_features};
use super::starts::{StartSettings, select_rows};
use super::{PredictiveLoss, PredictiveOutput, PredictiveSettings, Surroundings};
use crate::network::UnrollOutput;
use crate::unroll::Batch;

/// Settings of other views.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OtherViewsConfig {
    /// Farthest view from before, rows, 0 to 1000. 0 asks for none: the memory is then no longer asked for. What it costs
    /// does not depend on it.
    pub earlier: usize,
    /// Farthest view to come, rows, 0 to 1000. 0 asks for none; with `earlier` 0 too, the present frame is all that is
    /// reconstructed. What it costs does not depend on it.
    pub later: usize,
    /// Start points a room and unroll, 1 to 1000: rows drawn evenly, with replacement, from those late enough.
    pub num_starts: usize,
    /// Frames decoded a start point, 1 to 1000: drawn evenly, with replacement, from the rows `earlier` before it to
    /// `later` after it, itself among them, as far as they are of its episode and unroll.
    /// `rooms × num_starts × num_offsets` frames are decoded; the cost is proportional to it.
    pub num_offsets: usize,
    /// A start point lies at least so many rows behind its episode's first one: before it there is little to know.
    /// Rows of an episode that began before the unroll are never too early.
    pub earliest_start: usize,
    /// Units of the layer in which belief and pose meet, 1 to 4096. Cheap beside decoding up to about 1000.
    pub hidden_units: i64,
    /// Feature maps of the decoder, 1 to 1024. Its cost is proportional to it.
    pub channels: i64,
    /// Factor on the squared error summed over a picture, greater than 0.
    pub pixel_weight: f64,
}

impl Default for OtherViewsConfig {
    fn default() -> Self {
        Self {
            earlier: 48,
            later: 48,
            num_starts: 6,
            num_offsets: 3,
            earliest_start: 12,
            hidden_units: 512,
            channels: 64,
            pixel_weight: 0.1,
        }
    }
}

impl OtherViewsConfig {
    fn starts(&self) -> StartSettings {
        let Self { later, num_starts, num_offsets, earliest_start, .. } = *self;
        StartSettings { num_starts, num_offsets, nearest: 0, farthest: later, earliest_start }
    }

    /// Draws start points and views of a batch.
    fn draw(&self, batch: &Batch, generator: &mut ChaCha8Rng) -> Views {
        let mut views = Views::default();
        for room in 0..batch.num_rooms {
            let late = batch.rows_behind_start(room, self.earliest_start);
            for _ in 0..self.num_starts {
                let t = StartSettings::draw_row(&late, batch.length, generator);
                let first = t - self.earlier.min(batch.rows_since_start(t, room));
                let last = t + self.later.min(batch.rows_to_go(t, room));
                for _ in 0..self.num_offsets {
                    views.pairs.push((views.starts.len() as i64, (generator.random_range(first..=last), room)));
                }
                views.starts.push((t, room));
            }
        }
        views
    }
}

impl PredictiveSettings for OtherViewsConfig {
    const PREDICTS_FRAMES: bool = true;

    fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        let check = |holds, name: &str, value: f64, expected| {
            InvalidSetting::unless(holds, &format!("{section}.{name}"), value, expected)
        };
        check(self.earlier <= 1000, "earlier", self.earlier as f64, "must lie between 0 and 1000")?;
        check(self.later <= 1000, "later", self.later as f64, "must lie between 0 and 1000")?;
        self.starts().validate(section)?;
        let hidden_units = (1..=4096).contains(&self.hidden_units);
        check(hidden_units, "hidden_units", self.hidden_units as f64, "must lie between 1 and 4096")?;
        let channels = (1..=1024).contains(&self.channels);
        check(channels, "channels", self.channels as f64, "must lie between 1 and 1024")?;
        let weight = self.pixel_weight > 0.0 && self.pixel_weight.is_finite();
        check(weight, "pixel_weight", self.pixel_weight, "must be greater than 0")
    }

    fn longest_prediction(&self) -> (&'static str, usize) {
        if self.earlier > self.later { ("earlier", self.earlier) } else { ("later", self.later) }
    }

    fn earliest_start(&self) -> Option<usize> {
        Some(self.earliest_start)
    }

    fn check_environment(&self, spec: &EnvironmentSpec) -> Result<(), InvalidSetting> {
        Odometry::check(&spec.motions, spec.num_actions(), "predictive.loss", "other_views")
    }
}

/// Row and room of a frame.
type Place = (usize, usize);

/// Which beliefs are asked, and for which frames.
#[derive(Debug, Default, PartialEq, Eq)]
struct Views {
    /// Where each start stands, `[S]`.
    starts: Vec<Place>,
    /// Of each pair the start and where the frame stands that is asked of it, `[M]`.
    pairs: Vec<(i64, Place)>,
}

/// Belief and pose meet in one layer, and a decoder paints what comes of it.
#[derive(Debug)]
pub(crate) struct OtherViews {
    config: OtherViewsConfig,
    core_size: i64,
    odometry: Odometry,
    from_belief: Linear,
    gain: Linear,
    shift: Linear,
    decoder: DeterministicDecoder,
}

impl OtherViews {
    pub(crate) fn new(mut scope: Scope<'_>, config: &OtherViewsConfig, surroundings: Surroundings<'_>) -> Self {
        let Surroundings { spec, core_size, .. } = surroundings;
        let (units, num_features) = (config.hidden_units, NUM_POSE_FEATURES as i64);
        let size = [spec.height, spec.width];
        Self {
            config: config.clone(),
            core_size,
            odometry: Odometry::new(&spec.motions),
            from_belief: Linear::new(scope.sub("from_belief"), 2 * core_size, units, 1.0),
            gain: Linear::new(scope.sub("gain"), num_features, units, 1.0),
            shift: Linear::new(scope.sub("shift"), num_features, units, 1.0),
            decoder: DeterministicDecoder::new(scope.sub("decoder"), units, config.channels, config.pixel_weight, size),
        }
    }

    /// What the decoder is given, `[M, U]`, for views from `poses` `[M]`, each asked of the row of `state` `[S, N]` that
    /// `starts` `[M]` names.
    ///
    /// Belief and pose multiply: where a thing appears follows from where it is by a rotation, which no sum of the two is.
    fn conditions(&self, state: &LstmState, starts: &[i64], poses: impl Iterator<Item = Pose>) -> Tensor {
        let device = state.hidden.device();
        let cell = state.cell.layer_norm([self.core_size], None::<Tensor>, None::<Tensor>, 1e-5, false);
        let belief = self.from_belief.forward(&Tensor::cat(&[&state.hidden, &cell], -1));
        let belief = belief.index_select(0, &Tensor::from_slice(starts).to_device(device));
        let features: Vec<f32> = poses.flat_map(pose_features).collect();
        let features = Tensor::from_slice(&features).view([-1, NUM_POSE_FEATURES as i64]).to_device(device);
        (belief * (self.gain.forward(&features) + 1.0) + self.shift.forward(&features)).relu()
    }
}

impl PredictiveLoss for OtherViews {
    fn loss(&self, batch: &Batch, output: &UnrollOutput, generator: &mut ChaCha8Rng) -> Option<PredictiveOutput> {
        let views = self.config.draw(batch, generator);
        let poses = self.odometry.poses(&batch.actions, |t, room| batch.kinds[t][room] == StepKind::First);
        let flat = |&(t, room): &Place| (t * batch.num_rooms + room) as i64;
        let starts: Vec<i64> = views.starts.iter().map(flat).collect();
        let state =
            LstmState { hidden: select_rows(&output.hidden, &starts), cell: select_rows(&output.cell, &starts) };
        let pose_at = |(t, room): Place| poses[t][room];
        let relative =
            views.pairs.iter().map(|&(start, view)| pose_at(view).seen_from(pose_at(views.starts[start as usize])));
        let asked: Vec<i64> = views.pairs.iter().map(|&(start, _)| start).collect();
        let conditions = self.conditions(&state, &asked, relative);
        let targets: Vec<i64> = views.pairs.iter().map(|(_, view)| flat(view)).collect();
        let frames = select_rows(&batch.rgb, &targets).permute([0, 3, 1, 2]).to_kind(Kind::Float) / 255.0;
        Some(self.decoder.loss(&conditions, &frames, generator))
    }

    fn imagine(&self, state: &LstmState, actions: &Tensor, generator: &mut ChaCha8Rng) -> Option<Tensor> {
        let num_rooms = state.hidden.size()[0];
        let poses = self.odometry.poses(actions, |_, _| false);
        let num_frames = poses.len() as i64;
        let asked: Vec<i64> = (0..num_frames).flat_map(|_| 0..num_rooms).collect();
        let conditions = self.conditions(state, &asked, poses.into_iter().flatten());
        let frames = self.decoder.sample(&conditions, generator);
        let size = frames.size();
        Some(frames.view([num_frames, num_rooms, 3, size[2], size[3]]))
    }
}

#[cfg(test)]
mod tests;
