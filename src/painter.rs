//! Pictures of what the agent imagines, for TensorBoard, while it is being trained: on a thread of its own that nobody
//! waits for, with a copy of the parameters and rooms of its own.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use anyhow::{Context, Result};
use groundling_impala::{AgentBlueprint, PlayError, PngPicture, TensorBoard};
use groundling_nn::NamedValues;

use crate::complain;
use crate::config::Config;
use crate::imagination;

/// What is painted next.
struct Order {
    frames: u64,
    values: NamedValues,
}

/// The thread `painter`.
pub(crate) struct Painter {
    orders: SyncSender<Order>,
    thread: JoinHandle<()>,
}

impl Painter {
    /// `stop` ends a picture that is under way.
    pub(crate) fn start(config: Config, board: TensorBoard, stop: Arc<AtomicBool>) -> Result<Self> {
        let studio = Studio { blueprint: config.blueprint()?, config, board, stop };
        let (orders, ordered) = sync_channel(1);
        let paint = move || {
            groundling_nn::set_threads_of_this_thread(1);
            studio.paint(&ordered);
        };
        let thread = std::thread::Builder::new().name("painter".into()).spawn(paint);
        Ok(Self { orders, thread: thread.context("cannot start the painter's thread")? })
    }

    /// Orders a picture of the agent with these parameters, after so many frames. Left out when two are waited for already.
    pub(crate) fn order(&self, frames: u64, values: &NamedValues) {
        // A painter that has failed said so and takes no orders.
        let _ = self.orders.try_send(Order { frames, values: values.clone() });
    }

    /// Waits for what was ordered.
    pub(crate) fn finish(self) {
        drop(self.orders);
        if self.thread.join().is_err() {
            complain!("warning: pictures of what the agent imagines are missing: their thread panicked");
        }
    }
}

/// What the thread owns.
struct Studio {
    config: Config,
    blueprint: AgentBlueprint,
    board: TensorBoard,
    stop: Arc<AtomicBool>,
}

impl Studio {
    fn paint(&self, orders: &Receiver<Order>) {
        for order in orders {
            match self.paint_one(&order) {
                Ok(true) => {}
                // Its loss predicts no pixels, and will not.
                Ok(false) => return,
                Err(error) if matches!(error.downcast_ref(), Some(PlayError::Interrupted)) => return,
                Err(error) => {
                    complain!("warning: no more pictures of what the agent imagines: {error:#}");
                    return;
                }
            }
        }
    }

    fn paint_one(&self, order: &Order) -> Result<bool> {
        let drawn = imagination::draw(&self.config, &self.blueprint, &order.values, &self.stop)?;
        let Some(canvas) = drawn else { return Ok(false) };
        let (width, height) = (canvas.width() as u32, canvas.height() as u32);
        self.board.picture(order.frames, "imagined", &PngPicture { width, height, png: canvas.to_png()? })?;
        Ok(true)
    }
}
