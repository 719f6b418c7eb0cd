//! Films: one picture a step, in order. Scenes are painted by somebody else, who may have several steps under way; what
//! is drawn over them waits here, and no more of the episode than that is kept.

use std::collections::VecDeque;
use std::sync::Arc;

use anyhow::{Result, bail};
use glam::Vec3;
use groundling_film::Canvas;

use crate::moment::Moment;
use crate::painting::{Painted, ScenePainter};
use crate::scenes::Composition;

/// Draws one picture a step.
pub(crate) struct FilmPainter {
    composition: Composition,
    canvas: Canvas,
    path: Vec<Vec3>,
    /// What the agent saw at each step so far.
    observed: Vec<Arc<[u8]>>,
    total_reward: f32,
    /// Steps that are being painted, and how many points of the path had been walked then.
    waiting: VecDeque<(Moment, usize)>,
}

impl FilmPainter {
    /// A film that is composed so.
    pub(crate) fn new(composition: Composition) -> Result<Self> {
        let canvas = composition.canvas()?;
        let (path, observed) = (Vec::new(), Vec::new());
        Ok(Self { composition, canvas, path, observed, total_reward: 0.0, waiting: VecDeque::new() })
    }

    /// Columns and rows of every picture.
    pub(crate) fn size(&self) -> (usize, usize) {
        self.composition.size()
    }

    /// Sum of the rewards of all steps so far.
    pub(crate) fn total_reward(&self) -> f32 {
        self.total_reward
    }

    /// The picture that was finished last.
    pub(crate) fn last(&self) -> &Canvas {
        &self.canvas
    }

    /// Whether the painter has as many steps under way as are worth it.
    pub(crate) fn is_full(&self, painter: &dyn ScenePainter) -> bool {
        self.waiting.len() >= painter.depth()
    }

    /// Takes note of a step that is not drawn.
    pub(crate) fn pass(&mut self, moment: &Moment) {
        self.total_reward = moment.total_reward;
        self.path.push(moment.body.position);
        self.observed.push(Arc::clone(&moment.rgb));
    }

    /// Begins the picture of a step; every step is passed or begun once, in order.
    pub(crate) fn begin(&mut self, painter: &mut dyn ScenePainter, moment: Moment) -> Result<()> {
        self.pass(&moment);
        painter.submit(moment.step, self.composition.shots(&moment))?;
        self.waiting.push_back((moment, self.path.len()));
        Ok(())
    }

    /// The picture of the step that was begun first; none when none is under way.
    pub(crate) fn finish(&mut self, painter: &mut dyn ScenePainter) -> Result<Option<&Canvas>> {
        let Some((moment, walked)) = self.waiting.pop_front() else { return Ok(None) };
        let painted = painter.receive()?;
        let Some(Painted { step, canvases }) = painted else { bail!("step {} was not painted", moment.step) };
        if step != moment.step {
            bail!("step {} was to be painted, and step {step} came", moment.step);
        }
        self.composition.compose(&mut self.canvas, &moment, &self.path[..walked], &self.observed, canvases)?;
        Ok(Some(&self.canvas))
    }
}

#[cfg(test)]
mod tests;
