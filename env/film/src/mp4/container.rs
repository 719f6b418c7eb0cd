//! The MP4 container around the coded pictures: one video track, one chunk.

use std::io::{self, Write};

use mp4_atom::{
    Avc1, Avcc, Co64, Codec, Colr, Dinf, Dref, DrefEntry, Encode, FixedPoint, FourCC, Ftyp, Hdlr, Mdhd, Mdia, Minf,
    Moov, Mvhd, Stbl, Stsc, StscEntry, Stsd, Stss, Stsz, StszSamples, Stts, SttsEntry, Tkhd, Trak, Url, Visual, Vmhd,
};

/// Ticks of a second: divides by every usual frame rate.
const TIMESCALE: u32 = 90_000;
/// Kinds of H.264 units that describe the stream instead of a picture.
const SEQUENCE_PARAMETERS: u8 = 7;
const PICTURE_PARAMETERS: u8 = 8;
/// Bytes of the header before the coded pictures: a 64-bit box.
const DATA_HEADER: u64 = 16;

/// What has been coded so far.
#[derive(Debug)]
pub(super) struct Track {
    size: (u16, u16),
    ticks_per_sample: u32,
    data: Vec<u8>,
    sizes: Vec<u32>,
    /// Numbers (from 1) of the pictures at which playing can begin.
    keys: Vec<u32>,
    sequence_parameters: Vec<u8>,
    picture_parameters: Vec<u8>,
}

impl Track {
    pub(super) fn new(size: (u16, u16), fps: f64) -> Self {
        Self {
            size,
            ticks_per_sample: (f64::from(TIMESCALE) / fps).round().max(1.0) as u32,
            data: Vec::new(),
            sizes: Vec::new(),
            keys: Vec::new(),
            sequence_parameters: Vec::new(),
            picture_parameters: Vec::new(),
        }
    }

    pub(super) fn data(&self) -> &[u8] {
        &self.data
    }

    pub(super) fn begin_sample(&mut self, is_key: bool) {
        self.sizes.push(0);
        if is_key {
            self.keys.push(self.sizes.len() as u32);
        }
    }

    /// One unit as the encoder gives it, start code first: parameters go to the head, all else to the present sample.
    pub(super) fn push_unit(&mut self, unit: &[u8]) {
        let zeros = unit.iter().take_while(|&&byte| byte == 0).count();
        let Some((&1, body)) = unit.get(zeros..).and_then(<[u8]>::split_first) else { return };
        let (Some(first), Ok(length)) = (body.first(), u32::try_from(body.len())) else { return };
        match first & 0x1f {
            SEQUENCE_PARAMETERS => self.sequence_parameters = body.to_vec(),
            PICTURE_PARAMETERS => self.picture_parameters = body.to_vec(),
            _ => {
                self.data.extend_from_slice(&length.to_be_bytes());
                self.data.extend_from_slice(body);
                if let Some(size) = self.sizes.last_mut() {
                    *size += length + 4;
                }
            }
        }
    }

    /// Everything before the coded pictures, the header of their box included.
    pub(super) fn head(&self) -> Result<Vec<u8>, mp4_atom::Error> {
        let file_type = Ftyp {
            major_brand: FourCC::new(b"isom"),
            minor_version: 0x200,
            compatible_brands: [b"isom", b"iso2", b"avc1", b"mp41"].map(FourCC::new).to_vec(),
        };
        let encoded_with = |data_offset: u64| -> Result<Vec<u8>, mp4_atom::Error> {
            let mut head = Vec::new();
            file_type.encode(&mut head)?;
            self.movie(data_offset)?.encode(&mut head)?;
            Ok(head)
        };
        // The offset has a fixed width, so a first pass with any offset finds how long the head is.
        let data_offset = encoded_with(0)?.len() as u64 + DATA_HEADER;
        let mut head = encoded_with(data_offset)?;
        head.extend_from_slice(&1u32.to_be_bytes());
        head.extend_from_slice(b"mdat");
        head.extend_from_slice(&(self.data.len() as u64 + DATA_HEADER).to_be_bytes());
        Ok(head)
    }

    fn movie(&self, data_offset: u64) -> Result<Moov, mp4_atom::Error> {
        let num_samples = self.sizes.len() as u32;
        let duration = u64::from(num_samples) * u64::from(self.ticks_per_sample);
        let (width, height) = self.size;
        let table = Stbl {
            stsd: Stsd { codecs: vec![Codec::Avc1(self.sample_entry()?)] },
            stts: Stts { entries: vec![SttsEntry { sample_count: num_samples, sample_delta: self.ticks_per_sample }] },
            stss: Some(Stss { entries: self.keys.clone() }),
            stsc: Stsc {
                entries: vec![StscEntry {
                    first_chunk: 1,
                    samples_per_chunk: num_samples,
                    sample_description_index: 1,
                }],
            },
            stsz: Stsz { samples: StszSamples::Different { sizes: self.sizes.clone() } },
            co64: Some(Co64 { entries: vec![data_offset] }),
            ..Stbl::default()
        };
        let media = Mdia {
            mdhd: Mdhd { timescale: TIMESCALE, duration, language: "und".to_owned(), ..Mdhd::default() },
            hdlr: Hdlr { handler: FourCC::new(b"vide"), name: "video".to_owned() },
            minf: Minf {
                vmhd: Some(Vmhd::default()),
                dinf: Dinf { dref: Dref { entries: vec![DrefEntry::Url(Url { location: String::new() })] } },
                stbl: table,
                ..Minf::default()
            },
        };
        let track = Trak {
            tkhd: Tkhd {
                track_id: 1,
                duration,
                enabled: true,
                in_movie: true,
                width: FixedPoint::from(width),
                height: FixedPoint::from(height),
                ..Tkhd::default()
            },
            mdia: media,
            ..Trak::default()
        };
        let header = Mvhd {
            creation_time: 0,
            modification_time: 0,
            timescale: TIMESCALE,
            duration,
            rate: FixedPoint::from(1),
            volume: FixedPoint::from(1),
            matrix: mp4_atom::Matrix::default(),
            next_track_id: 2,
        };
        Ok(Moov { mvhd: header, trak: vec![track], ..Moov::default() })
    }

    fn sample_entry(&self) -> Result<Avc1, mp4_atom::Error> {
        Ok(Avc1 {
            visual: Visual { data_reference_index: 1, width: self.size.0, height: self.size.1, ..Visual::default() },
            avcc: Avcc::new(&self.sequence_parameters, &self.picture_parameters)?,
            // BT.709, limited range, as the planes are made.
            colr: Some(Colr::new(1, 1, 1, false)?),
            ..Avc1::default()
        })
    }
}

pub(super) fn write_film(writer: &mut impl Write, head: &[u8], data: &[u8]) -> io::Result<()> {
    writer.write_all(head)?;
    writer.write_all(data)
}
