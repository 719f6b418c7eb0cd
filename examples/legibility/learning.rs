//! Learning from fresh views, and the one scoring on unseen ones.

use std::time::Instant;

use anyhow::Result;
use groundling_nn::{Optimizer, OptimizerConfig, set_threads_of_this_thread};
use tch::{Kind, Tensor};

use crate::Options;
use crate::network::Network;
use crate::views::{Batch, Photographer, Split, Truth, feed};

/// Updates between two lines of progress.
const PROGRESS: u64 = 100;
/// Views drawn to see how fast they are drawn.
const TIMED_VIEWS: u64 = 500;

/// What was learned, and what it took.
pub(crate) struct Classifier {
    pub(crate) network: Network,
    pub(crate) seconds: f64,
    pub(crate) views_drawn_per_second: f64,
}

/// One view of the test, and how it was named.
pub(crate) struct Named {
    pub(crate) index: u64,
    pub(crate) truth: Truth,
    pub(crate) shape: u8,
    pub(crate) color: u8,
}

/// The test.
pub(crate) struct Scored {
    pub(crate) named: Vec<Named>,
    /// Views dropped, as too little was seen of the object.
    pub(crate) dropped: u64,
}

fn tensor(batch: &Batch, options: &Options) -> Tensor {
    let size = [batch.truths.len() as i64, options.height.into(), options.width.into(), 3];
    Tensor::from_slice(&batch.rgb).reshape(size)
}

fn labels(batch: &Batch, label: impl Fn(&Truth) -> u8) -> Tensor {
    Tensor::from_slice(&batch.truths.iter().map(|truth| i64::from(label(truth))).collect::<Vec<_>>())
}

/// Cross-entropies of shape and colour, added.
pub(crate) fn learn(options: &Options) -> Result<Classifier> {
    set_threads_of_this_thread(options.threads.into());
    let views_drawn_per_second = drawing_speed(options)?;
    let network = Network::new(options.seed);
    let config = OptimizerConfig {
        learning_rate: options.learning_rate,
        decay_share: 0.8,
        max_gradient_norm: 5.0,
        ..OptimizerConfig::default()
    };
    config.validate("options")?;
    let mut optimizer = Optimizer::new(config.clone(), &network.parameters);
    let start = Instant::now();
    let (mut losses, mut right) = ([0.0; 2], [0.0; 2]);
    let batches = feed(options, Split::Train, options.updates * options.batch)?;
    for (update, batch) in (1..).zip(batches) {
        let batch = batch?;
        let truths = [labels(&batch, |truth| truth.object.shape.0), labels(&batch, |truth| truth.object.color.0)];
        let (shape, color) = network.forward(&tensor(&batch, options), true);
        let loss = [&shape, &color].map(|logits| logits.log_softmax(-1, Kind::Float));
        let loss =
            [0, 1].map(|head: usize| loss[head].g_nll_loss::<Tensor>(&truths[head], None, tch::Reduction::Mean, -100));
        (&loss[0] + &loss[1]).backward();
        optimizer.step(&network.parameters, config.learning_rate_at(update - 1, options.updates));
        for (head, logits) in [shape, color].iter().enumerate() {
            losses[head] += loss[head].double_value(&[]) / PROGRESS as f64;
            let hits = logits.argmax(-1, false).eq_tensor(&truths[head]).to_kind(Kind::Float).mean(Kind::Float);
            right[head] += 100.0 * hits.double_value(&[]) / PROGRESS as f64;
        }
        if update % PROGRESS == 0 {
            let rate = (update * options.batch) as f64 / start.elapsed().as_secs_f64();
            eprintln!(
                "update {update}: shape {:.3} nats {:.1} %, colour {:.3} nats {:.1} %, {rate:.0} views/s",
                losses[0], right[0], losses[1], right[1]
            );
            (losses, right) = ([0.0; 2], [0.0; 2]);
        }
    }
    Ok(Classifier { network, seconds: start.elapsed().as_secs_f64(), views_drawn_per_second })
}

fn drawing_speed(options: &Options) -> Result<f64> {
    let mut photographer = Photographer::new(options)?;
    let (start, mut batch) = (Instant::now(), Batch::default());
    (0..TIMED_VIEWS).try_for_each(|index| photographer.take(Split::Train, index, &mut batch))?;
    Ok(TIMED_VIEWS as f64 / start.elapsed().as_secs_f64())
}

/// Names every view of the test.
pub(crate) fn score(options: &Options, classifier: &Classifier) -> Result<Scored> {
    let _guard = tch::no_grad_guard();
    let mut scored = Scored { named: Vec::new(), dropped: 0 };
    for batch in feed(options, Split::Test, options.views)? {
        let batch = batch?;
        let (shape, color) = classifier.network.forward(&tensor(&batch, options), false);
        let [shapes, colors] = [shape, color].map(|logits| logits.argmax(-1, false));
        for (row, &truth) in (0..).zip(&batch.truths) {
            let [shape, color] = [&shapes, &colors].map(|names| names.int64_value(&[row]) as u8);
            scored.named.push(Named { index: scored.named.len() as u64, truth, shape, color });
        }
        scored.dropped += batch.dropped;
    }
    Ok(scored)
}
