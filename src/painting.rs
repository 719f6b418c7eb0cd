//! Who paints a film's scenes: the CPU renderer, or bevy. Scenes go in and pictures come out in the same order; a painter
//! may have several steps under way.

use std::collections::VecDeque;

use anyhow::{Context, Result};
use groundling_film::Canvas;
use groundling_room::{Camera, Scene};

use crate::drawing::Painter;

/// What paints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum PainterName {
    /// The renderer that the agent sees through, smoother; needs nothing.
    Cpu,
    /// bevy: shadows and highlights; needs a Vulkan adapter, one in software included.
    Bevy,
}

impl PainterName {
    /// bevy, where the program was built with it.
    pub const DEFAULT: Self = if cfg!(feature = "viewer") { Self::Bevy } else { Self::Cpu };

    /// Opens the painter.
    pub(crate) fn open(self) -> Result<Box<dyn ScenePainter>> {
        match self {
            Self::Cpu => Ok(Box::new(CpuPainter::default())),
            #[cfg(feature = "viewer")]
            Self::Bevy => Ok(Box::new(bevy::BevyPainter::open()?)),
            #[cfg(not(feature = "viewer"))]
            Self::Bevy => Err(crate::failure::wrong_input(
                "--renderer bevy: this program was built without it; `cargo build --release --features viewer`",
            )),
        }
    }
}

/// A scene to be painted.
pub(crate) struct Shot {
    pub(crate) scene: Scene,
    pub(crate) camera: Camera,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

/// The pictures of one step.
pub(crate) struct Painted {
    pub(crate) step: u32,
    /// One a shot, in their order.
    pub(crate) canvases: Vec<Canvas>,
}

/// Paints scenes.
pub(crate) trait ScenePainter {
    /// Begins the pictures of a step.
    fn submit(&mut self, step: u32, shots: Vec<Shot>) -> Result<()>;

    /// The pictures of the step that was submitted first and not received; none when there is none.
    fn receive(&mut self) -> Result<Option<Painted>>;

    /// Steps worth having under way.
    fn depth(&self) -> usize;

    /// What it is, for people.
    fn describe(&self) -> String;
}

/// Sizes of pictures that are kept ready; a window that is drawn larger asks for many.
const MOST_PAINTERS: usize = 4;

#[derive(Default)]
struct CpuPainter {
    /// The one that was used last is the last.
    painters: VecDeque<((usize, usize), Painter)>,
    painted: VecDeque<Painted>,
}

impl CpuPainter {
    fn painter(&mut self, width: usize, height: usize) -> Result<&mut Painter> {
        let known = self.painters.iter().position(|&(size, _)| size == (width, height));
        let painter = match known.and_then(|at| self.painters.remove(at)) {
            Some(known) => known,
            None => ((width, height), Painter::new(width, height)?),
        };
        if self.painters.len() == MOST_PAINTERS {
            self.painters.pop_front();
        }
        self.painters.push_back(painter);
        self.painters.back_mut().map(|(_, painter)| painter).context("there is no painter")
    }
}

impl ScenePainter for CpuPainter {
    fn submit(&mut self, step: u32, shots: Vec<Shot>) -> Result<()> {
        let mut canvases = Vec::with_capacity(shots.len());
        for Shot { scene, camera, width, height } in shots {
            canvases.push(self.painter(width, height)?.paint(&scene, &camera)?);
        }
        self.painted.push_back(Painted { step, canvases });
        Ok(())
    }

    fn receive(&mut self) -> Result<Option<Painted>> {
        Ok(self.painted.pop_front())
    }

    fn depth(&self) -> usize {
        1
    }

    fn describe(&self) -> String {
        "the CPU renderer".into()
    }
}

#[cfg(feature = "viewer")]
mod bevy {
    use anyhow::Result;
    use groundling_film::{Canvas, Picture};
    use groundling_viewer::{Quality, Shot as ViewerShot, Viewer};

    use super::{Painted, ScenePainter, Shot};

    /// Steps that the adapter draws, or that wait to be fetched, while others are encoded.
    const DEPTH: usize = 3;

    pub(super) struct BevyPainter(Viewer);

    impl BevyPainter {
        pub(super) fn open() -> Result<Self> {
            Ok(Self(Viewer::new(Quality::Smooth)?))
        }
    }

    impl ScenePainter for BevyPainter {
        fn submit(&mut self, step: u32, shots: Vec<Shot>) -> Result<()> {
            let shots = shots.into_iter().map(|Shot { scene, camera, width, height }| ViewerShot {
                scene,
                camera,
                width,
                height,
            });
            Ok(self.0.submit(step, shots.collect())?)
        }

        fn receive(&mut self) -> Result<Option<Painted>> {
            let Some(frame) = self.0.receive()? else { return Ok(None) };
            let canvas = |shown: &groundling_viewer::Shown| {
                Ok(Canvas::of(Picture::new(shown.width, shown.height, &shown.rgb)?)?)
            };
            let canvases = frame.pictures.iter().map(canvas).collect::<Result<_>>()?;
            Ok(Some(Painted { step: frame.step, canvases }))
        }

        fn depth(&self) -> usize {
            DEPTH
        }

        fn describe(&self) -> String {
            format!("bevy on {}", self.0.adapter())
        }
    }
}
