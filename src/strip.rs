//! What the strip of a film shows at a step: a function of the recording, of what came, and of the step.

use std::sync::Arc;

use groundling_film::Picture;
use groundling_film::story::{Strip, StripColumn, StripFrames, StripLayout};
use groundling_sim::{Imagination, Recording};

/// What was imagined in an episode.
pub(crate) struct Imagined {
    /// Each at a later step than the one before.
    all: Vec<Imagination>,
    frames: StripFrames,
}

impl Imagined {
    /// None where nothing was imagined.
    pub(crate) fn of(recording: &Recording) -> Option<Self> {
        let num_frames = recording.imagined.iter().map(Imagination::num_frames).max()?;
        let camera = &recording.config.camera;
        let frames = StripFrames { width: camera.width, height: camera.height, num_frames };
        Some(Self { all: recording.imagined.clone(), frames })
    }

    /// Their size, and the most of one step.
    pub(crate) fn frames(&self) -> StripFrames {
        self.frames
    }

    /// The strip of `step`: what was imagined last, and of the frames `observed`, one a step from the episode's first on,
    /// those that came from then on until `step`.
    pub(crate) fn at<'a>(&self, layout: &StripLayout, observed: &'a [Arc<[u8]>], step: u32) -> StripMoment<'a> {
        let now = step as usize;
        let last = self.all.iter().rev().find(|imagination| imagination.step() <= now);
        let start = last.map(Imagination::step);
        let came = |offset| start.map(|start| start + offset).filter(|&at| at <= now).and_then(|at| observed.get(at));
        StripMoment {
            start,
            since: start.map_or(0, |start| now - start),
            frames: self.frames,
            imagined: last.map_or_else(Vec::new, |last| shown(last, layout)),
            came: layout.offsets().map(came).collect(),
        }
    }
}

/// What the strip shows at one step.
pub(crate) struct StripMoment<'a> {
    start: Option<usize>,
    since: usize,
    frames: StripFrames,
    /// Frames of the first columns.
    imagined: Vec<Vec<u8>>,
    /// A frame a column, if it came.
    came: Vec<Option<&'a Arc<[u8]>>>,
}

impl<'a> StripMoment<'a> {
    /// To be drawn.
    pub(crate) fn strip(&self) -> Strip<'_> {
        let column = |(index, came): (usize, &Option<&'a Arc<[u8]>>)| StripColumn {
            imagined: self.imagined.get(index).and_then(|rgb| self.picture(rgb)),
            came: came.and_then(|rgb| self.picture(rgb)),
        };
        Strip {
            start: self.start.map(|start| start as u32),
            since: self.since,
            columns: self.came.iter().enumerate().map(column).collect(),
        }
    }

    fn picture<'b>(&self, rgb: &'b [u8]) -> Option<Picture<'b>> {
        Picture::new(self.frames.width, self.frames.height, rgb).ok()
    }
}

/// The frames that have a column.
fn shown(imagination: &Imagination, layout: &StripLayout) -> Vec<Vec<u8>> {
    let mut offsets = layout.offsets().peekable();
    let frames = imagination.frames().enumerate();
    frames.filter(|(offset, _)| offsets.next_if_eq(offset).is_some()).map(|(_, frame)| frame).collect()
}

#[cfg(test)]
mod tests {
    use groundling_film::story::Layout;
    use groundling_interface::Environment;
    use groundling_sim::{CameraConfig, RoomEnvironment, WorldConfig};

    use super::*;

    const FRAME: usize = 16 * 12 * 3;

    fn recording(imagined: &[(usize, usize)]) -> Recording {
        let camera = CameraConfig { width: 16, height: 12, ..CameraConfig::default() };
        let config = WorldConfig { camera, ..WorldConfig::default() };
        let (mut environment, privileged) = RoomEnvironment::new(config.clone()).unwrap();
        let first = environment.reset(1).unwrap();
        // A frame is as bright as its step and its distance from it say.
        let frame = |step: usize, ahead: usize| vec![(10 * step + ahead) as u8; FRAME];
        let imagination = |&(step, num_frames): &(usize, usize)| {
            let frames: Vec<Vec<u8>> = (0..num_frames).map(|ahead| frame(step, ahead)).collect();
            Imagination::new(step, &frames)
        };
        let begun = Recording::begin(config, 1, "dreamer", &first, &privileged);
        Recording { imagined: imagined.iter().map(imagination).collect(), ..begun }
    }

    #[test]
    fn at_each_step_the_last_imagination_is_shown_with_what_came_since() {
        let imagined = Imagined::of(&recording(&[(2, 4), (6, 3)])).unwrap();
        assert_eq!(imagined.frames().num_frames, 4);
        let layout = Layout::with_strip(1280, 720, imagined.frames()).unwrap().strip.unwrap();
        let observed: Vec<Arc<[u8]>> = (0..9).map(|step| vec![100 + step; FRAME].into()).collect();
        let shown = |step: u32| {
            let moment = imagined.at(&layout, &observed, step);
            let strip = moment.strip();
            let bright = |picture: Option<Picture<'_>>| picture.map(|picture| picture.rgb()[0]);
            let rows: Vec<_> = strip.columns.iter().map(|c| (bright(c.imagined), bright(c.came))).collect();
            (strip.start, strip.since, rows)
        };
        assert_eq!(shown(1), (None, 0, vec![(None, None); 4]));
        let row = |imagined: u8, came: Option<u8>| (Some(imagined), came);
        let begun = vec![row(20, Some(102)), row(21, None), row(22, None), row(23, None)];
        assert_eq!(shown(2), (Some(2), 0, begun));
        let whole = vec![row(20, Some(102)), row(21, Some(103)), row(22, Some(104)), row(23, Some(105))];
        assert_eq!(shown(5), (Some(2), 3, whole));
        let short = vec![row(60, Some(106)), row(61, Some(107)), row(62, None), (None, None)];
        assert_eq!(shown(7), (Some(6), 1, short));
        assert!(Imagined::of(&recording(&[])).is_none());
    }
}
