//! What the test came to, as data and as a table.

use std::fmt;

use groundling_report::Interval;
use groundling_room::{Color, Shape, Size};
use serde::Serialize;

use crate::Options;
use crate::learning::{Classifier, Named, Scored};
use crate::views::{DISTANCE, LEAST_PIXELS};

/// Pairs of names that are listed.
const PAIRS: usize = 15;

/// A share of views named rightly.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Accuracy {
    pub(crate) of: String,
    pub(crate) shape: f64,
    pub(crate) shape_interval: Option<Interval>,
    pub(crate) color: f64,
    pub(crate) color_interval: Option<Interval>,
    pub(crate) views: u64,
}

impl Accuracy {
    fn new<'a>(of: impl Into<String>, named: impl Iterator<Item = &'a Named>) -> Self {
        let (mut views, mut shapes, mut colors) = (0, 0, 0);
        for view in named {
            views += 1;
            shapes += u64::from(view.shape == view.truth.object.shape.0);
            colors += u64::from(view.color == view.truth.object.color.0);
        }
        let share = |right: u64| right as f64 / (views as f64).max(1.0);
        Self {
            of: of.into(),
            shape: share(shapes),
            shape_interval: Interval::of_share(shapes, views),
            color: share(colors),
            color_interval: Interval::of_share(colors, views),
            views,
        }
    }
}

/// Two names that are taken for each other.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Confusion {
    pub(crate) first: String,
    pub(crate) second: String,
    /// Views of the first named as the second.
    pub(crate) first_as_second: u64,
    /// Views of the second named as the first.
    pub(crate) second_as_first: u64,
    /// Share of the views of both that are so misnamed.
    pub(crate) share: f64,
}

/// The report.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) seed: u64,
    pub(crate) num_parameters: usize,
    pub(crate) updates: u64,
    pub(crate) views_seen: u64,
    pub(crate) minutes: f64,
    pub(crate) threads: u16,
    /// Views drawn in a second on one core, when nothing is learned.
    pub(crate) views_drawn_per_second: f64,
    pub(crate) views_learned_per_second: f64,
    /// Share of the test's views dropped because fewer pixels than the limit are seen.
    pub(crate) dropped: f64,
    pub(crate) all: Accuracy,
    pub(crate) parts: Vec<Accuracy>,
    pub(crate) shapes: Vec<Accuracy>,
    pub(crate) confused_shapes: Vec<Confusion>,
    pub(crate) confused_colors: Vec<Confusion>,
}

impl Report {
    pub(crate) fn new(options: &Options, classifier: &Classifier, scored: &Scored) -> Self {
        let named = &scored.named;
        let shape_pairs: Vec<_> = named.iter().map(|view| (view.truth.object.shape.0, view.shape)).collect();
        let color_pairs: Vec<_> = named.iter().map(|view| (view.truth.object.color.0, view.color)).collect();
        let mut shapes: Vec<Accuracy> = Shape::all()
            .map(|shape| Accuracy::new(shape.name(), named.iter().filter(|view| view.truth.object.shape == shape)))
            .collect();
        shapes.sort_by(|a, b| a.shape.total_cmp(&b.shape));
        let views_seen = options.updates * options.batch;
        Self {
            width: options.width,
            height: options.height,
            seed: options.seed,
            num_parameters: classifier.network.parameters.num_values(),
            updates: options.updates,
            views_seen,
            minutes: classifier.seconds / 60.0,
            threads: options.threads,
            views_drawn_per_second: classifier.views_drawn_per_second,
            views_learned_per_second: views_seen as f64 / classifier.seconds,
            dropped: scored.dropped as f64 / (scored.dropped + named.len() as u64) as f64,
            all: Accuracy::new("all", named.iter()),
            parts: parts(named),
            shapes,
            confused_shapes: confused(&shape_pairs, |index| Shape(index).name()),
            confused_colors: confused(&color_pairs, |index| Color(index).name()),
        }
    }
}

/// The views by what makes them hard.
fn parts(named: &[Named]) -> Vec<Accuracy> {
    let middle = (DISTANCE[0] + DISTANCE[1]) / 2.0;
    let part = |of: String, holds: &dyn Fn(&Named) -> bool| Accuracy::new(of, named.iter().filter(|view| holds(view)));
    let mut parts = vec![
        part(format!("{} to {middle} m", DISTANCE[0]), &|view| view.truth.distance < middle),
        part(format!("{middle} to {} m", DISTANCE[1]), &|view| view.truth.distance >= middle),
    ];
    for size in Size::ALL {
        parts.push(part(size.name().to_string(), &|view| view.truth.object.size == size));
    }
    let edges = [LEAST_PIXELS, 30, 60, 120, 240, 480, usize::MAX];
    for pair in edges.windows(2) {
        let most = if pair[1] == usize::MAX { "or more".to_string() } else { format!("to {}", pair[1] - 1) };
        let range = pair[0]..pair[1];
        parts.push(part(format!("{} {most} pixels", pair[0]), &|view| range.contains(&view.truth.pixels)));
    }
    parts.push(part("seen whole".into(), &|view| !view.truth.cut));
    parts.push(part("cut by edge or wall".into(), &|view| view.truth.cut));
    parts
}

/// The pairs with the most misnamed views, from (truth, name).
fn confused(pairs: &[(u8, u8)], name: impl Fn(u8) -> &'static str) -> Vec<Confusion> {
    let count = |truth: u8, named: u8| pairs.iter().filter(|&&pair| pair == (truth, named)).count() as u64;
    let views = |truth: u8| pairs.iter().filter(|pair| pair.0 == truth).count() as u64;
    let mut kinds: Vec<(u8, u8)> = pairs.iter().filter(|(a, b)| a != b).map(|&(a, b)| (a.min(b), a.max(b))).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let confusion = |(a, b): (u8, u8)| {
        let (first_as_second, second_as_first) = (count(a, b), count(b, a));
        let share = (first_as_second + second_as_first) as f64 / (views(a) + views(b)).max(1) as f64;
        Confusion { first: name(a).into(), second: name(b).into(), first_as_second, second_as_first, share }
    };
    let mut confusions: Vec<Confusion> = kinds.into_iter().map(confusion).collect();
    confusions.sort_by_key(|pair| std::cmp::Reverse(pair.first_as_second + pair.second_as_first));
    confusions.truncate(PAIRS);
    confusions
}

fn percent(share: f64, interval: Option<Interval>) -> String {
    let interval = interval.map(|ends| format!(" [{:.1}, {:.1}]", 100.0 * ends.low, 100.0 * ends.high));
    format!("{:.1}{}", 100.0 * share, interval.unwrap_or_default())
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}x{}, {} parameters, {} views in {} updates, {:.1} minutes, {} threads, seed {}; views a second: {:.0} drawn \
             by one core alone, {:.0} learned; {:.1} % of views dropped with fewer than {LEAST_PIXELS} pixels",
            self.width,
            self.height,
            self.num_parameters,
            self.views_seen,
            self.updates,
            self.minutes,
            self.threads,
            self.seed,
            self.views_drawn_per_second,
            self.views_learned_per_second,
            100.0 * self.dropped,
        )?;
        writeln!(f, "\n| views | number | shape, % | colour, % |\n|---|---|---|---|")?;
        for row in std::iter::once(&self.all).chain(&self.parts) {
            let (shape, color) = (percent(row.shape, row.shape_interval), percent(row.color, row.color_interval));
            writeln!(f, "| {} | {} | {shape} | {color} |", row.of, row.views)?;
        }
        for (title, pairs) in [("shapes", &self.confused_shapes), ("colours", &self.confused_colors)] {
            writeln!(f, "\n| {title} | first as second | second as first | of both, % |\n|---|---|---|---|")?;
            for Confusion { first, second, first_as_second, second_as_first, share } in pairs {
                let share = 100.0 * share;
                writeln!(f, "| {first}, {second} | {first_as_second} | {second_as_first} | {share:.1} |")?;
            }
        }
        let shapes = self.shapes.iter().map(|row| format!("{} {:.0}", row.of, 100.0 * row.shape));
        writeln!(f, "\nShapes, % right: {}.", shapes.collect::<Vec<_>>().join(", "))
    }
}
