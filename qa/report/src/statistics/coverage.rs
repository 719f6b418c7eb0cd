//! How often intervals hold the truth, and tests see a difference where there is none, in worlds whose truth is known.
//!
//! Every bound is the stated rate with what 400 repetitions leave open. Beside each stands the simpler method that was
//! not taken, which fails where rooms make questions hang together or seeds differ.

use super::clusters::Clusters;
use super::distribution::{Z, t_quantile};
use super::interval::{Estimate, wilson};
use super::simulation::World;
use super::{Division, PairedTest, TestMethod, compare, score, score_groups};
use crate::outcome::Outcome;

const NUM_REPETITIONS: u64 = 400;

/// Rooms that are hard or easy for every agent, and some that are so for one.
const WORLD: World = World {
    num_seeds: 1,
    num_episodes: 60,
    num_questions: 4,
    means: &[-0.5, 0.2, 1.0],
    num_answers: 1,
    of_answers: 0.0,
    of_seeds: 0.0,
    of_rooms: 0.6,
    of_both: 0.5,
};

fn slices(row: &[Vec<Outcome>]) -> Vec<&[Outcome]> {
    row.iter().map(Vec::as_slice).collect()
}

fn template(outcome: &Outcome) -> Option<usize> {
    Some(usize::from(outcome.template))
}

fn mean_of(row: &[Vec<Outcome>]) -> Estimate {
    score_groups(&slices(row), WORLD.means.len(), template).mean.expect("questions were asked")
}

fn compared(first: &[Vec<Outcome>], second: &[Vec<Outcome>]) -> (Estimate, PairedTest) {
    let division = Division::plain(WORLD.means.len());
    compare(&slices(first), &slices(second), &division, template).mean.expect("questions were asked")
}

/// Three right answers of each template: 34 questions have the rarest, which is known least.
const UNEVEN: World = World { num_answers: 3, of_answers: -0.8, ..WORLD };

fn cell(outcome: &Outcome) -> Option<usize> {
    Some(usize::from(outcome.template * UNEVEN.num_answers + outcome.answer))
}

fn by_answer() -> Division {
    Division::by_answer(&[usize::from(UNEVEN.num_answers); UNEVEN.means.len()])
}

fn balanced_mean_of(row: &[Vec<Outcome>]) -> Estimate {
    score(&slices(row), &by_answer(), cell).mean.expect("questions were asked")
}

/// The share of repetitions in which `holds`.
fn rate(holds: impl Fn(u64) -> bool) -> f64 {
    (0..NUM_REPETITIONS).filter(|&repetition| holds(repetition)).count() as f64 / NUM_REPETITIONS as f64
}

#[track_caller]
fn assert_rate(found: f64, low: f64, high: f64) {
    assert!((low..=high).contains(&found), "{found} does not lie between {low} and {high}");
}

#[test]
fn over_episodes() {
    let covered = |repetition| mean_of(&WORLD.answers(repetition, "a")).interval.contains(WORLD.truth());
    assert_rate(rate(covered), 0.92, 0.98);
    let covered_naively = |repetition| {
        let mean = mean_of(&WORLD.answers(repetition, "a"));
        wilson(mean.value, mean.num_questions as f64, Z).contains(WORLD.truth())
    };
    assert_rate(rate(covered_naively), 0.0, 0.8);
}

#[test]
fn of_one_template_known_nearly_always() {
    // Few wrong answers, where the textbook interval is too short.
    let world = World { means: &[2.5], ..WORLD };
    let estimate = |repetition| score_groups(&slices(&world.answers(repetition, "a")), 1, template).mean;
    let covered = |repetition| estimate(repetition).is_some_and(|e| e.interval.contains(world.truth()));
    assert_rate(rate(covered), 0.92, 0.98);
}

#[test]
fn over_seeds_that_differ() {
    for num_seeds in [3, 5] {
        let world = World { num_seeds, of_seeds: 0.25, ..WORLD };
        let covered = |repetition| mean_of(&world.answers(repetition, "a")).interval.contains(world.truth());
        assert_rate(rate(covered), 0.91, 0.98);
        // As if the seeds at hand were all there are.
        let covered_by_episodes = |repetition| {
            let seeds_as_one = world.answers(repetition, "a").concat();
            mean_of(&[seeds_as_one]).interval.contains(world.truth())
        };
        assert_rate(rate(covered_by_episodes), 0.0, 0.82);
    }
}

#[test]
fn over_seeds_that_do_not_differ() {
    for num_seeds in [3, 5] {
        let world = World { num_seeds, ..WORLD };
        let covered = |repetition| mean_of(&world.answers(repetition, "a")).interval.contains(world.truth());
        assert_rate(rate(covered), 0.93, 0.995);
        // Student's t over the seeds' accuracies forgets that all were asked about the same rooms.
        let covered_by_seeds = |repetition| {
            let seeds = world.answers(repetition, "a");
            let each: Vec<f64> = seeds.iter().map(|seed| mean_of(std::slice::from_ref(seed)).value).collect();
            let num = each.len() as f64;
            let mean = each.iter().sum::<f64>() / num;
            let variance = each.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (num - 1.0);
            (mean - world.truth()).abs() <= t_quantile(num - 1.0) * (variance / num).sqrt()
        };
        assert_rate(rate(covered_by_seeds), 0.0, 0.9);
    }
}

#[test]
fn of_differences() {
    let better = World { means: &[-0.2, 0.5, 1.3], ..WORLD };
    for (num_seeds, num_others, of_seeds) in [(1, 1, 0.0), (3, 3, 0.2), (5, 5, 0.2), (3, 1, 0.0)] {
        let first = World { num_seeds, of_seeds, ..better };
        let second = World { num_seeds: num_others, of_seeds, ..WORLD };
        let truth = first.truth() - second.truth();
        let covered = |repetition| {
            let rows = (first.answers(repetition, "a"), second.answers(repetition, "b"));
            compared(&rows.0, &rows.1).0.interval.contains(truth)
        };
        assert_rate(rate(covered), 0.93, 0.998);
    }
}

#[test]
fn of_balanced_accuracy() {
    for (num_seeds, of_seeds, low) in [(1, 0.0, 0.92), (3, 0.25, 0.91)] {
        let world = World { num_seeds, of_seeds, ..UNEVEN };
        let covered = |repetition| balanced_mean_of(&world.answers(repetition, "a")).interval.contains(world.truth());
        assert_rate(rate(covered), low, 0.985);
    }
    // Plain accuracy of the same answers is of something else.
    let covered_plainly = |repetition| mean_of(&UNEVEN.answers(repetition, "a")).interval.contains(UNEVEN.truth());
    assert_rate(rate(covered_plainly), 0.0, 0.75);
}

#[test]
fn of_balanced_accuracy_with_few_questions_an_answer() {
    // Fourteen questions and more of each answer.
    let world = World { num_episodes: 200, num_questions: 1, num_answers: 4, of_rooms: 0.3, of_both: 0.3, ..UNEVEN };
    let division = Division::by_answer(&[4; 3]);
    let cell = |outcome: &Outcome| Some(usize::from(outcome.template * 4 + outcome.answer));
    let estimate = |repetition| score(&slices(&world.answers(repetition, "a")), &division, cell);
    let covered = |repetition| estimate(repetition).mean.is_some_and(|e| e.interval.contains(world.truth()));
    assert_rate(rate(covered), 0.92, 0.985);
    let hard = World { means: &[-0.5], ..world };
    let covered = |repetition| estimate(repetition).groups[0].is_some_and(|e| e.interval.contains(hard.truth()));
    assert_rate(rate(covered), 0.9, 0.985);
}

#[test]
fn of_differences_of_balanced_accuracy() {
    let better = World { means: &[-0.2, 0.5, 1.3], ..UNEVEN };
    for (num_seeds, of_seeds) in [(1, 0.0), (3, 0.2)] {
        let (first, second) = (World { num_seeds, of_seeds, ..better }, World { num_seeds, of_seeds, ..UNEVEN });
        let compared = |first: &World, second: &World, repetition| {
            let rows = (first.answers(repetition, "a"), second.answers(repetition, "b"));
            compare(&slices(&rows.0), &slices(&rows.1), &by_answer(), cell).mean.expect("questions were asked")
        };
        let truth = first.truth() - second.truth();
        assert_rate(rate(|repetition| compared(&first, &second, repetition).0.interval.contains(truth)), 0.92, 0.998);
        let p_value = |repetition| compared(&second, &second, repetition).1.p_value;
        assert_rate(rate(|repetition| p_value(repetition) < 0.05), 0.0025, 0.08);
    }
}

#[test]
fn tests_between_equal_agents() {
    let p_values = |repetition| {
        let (_, test) = compared(&WORLD.answers(repetition, "a"), &WORLD.answers(repetition, "b"));
        assert_eq!(test.method, TestMethod::Episodes);
        (test.p_value, test.mcnemar.expect("one seed each").p_value)
    };
    assert_rate(rate(|repetition| p_values(repetition).0 < 0.05), 0.025, 0.08);
    // Which is why it is not the headline.
    assert_rate(rate(|repetition| p_values(repetition).1 < 0.05), 0.15, 1.0);
    // With a question an episode, all independent, McNemar's test keeps its level.
    let alone = World { num_episodes: 120, num_questions: 1, means: &[0.3], of_both: 0.0, ..WORLD };
    let test = |repetition| {
        let rows = (alone.answers(repetition, "a"), alone.answers(repetition, "b"));
        let compared = compare(&slices(&rows.0), &slices(&rows.1), &Division::plain(1), template).mean;
        let test = compared.expect("questions were asked").1;
        [test.p_value, test.mcnemar.expect("one seed each").p_value]
    };
    for index in [0, 1] {
        assert_rate(rate(|repetition| test(repetition)[index] < 0.05), 0.025, 0.075);
    }
}

#[test]
fn tests_between_equal_variants() {
    for num_seeds in [3, 5] {
        let world = World { num_seeds, of_seeds: 0.2, ..WORLD };
        let is_told_apart = |repetition| {
            let (_, test) = compared(&world.answers(repetition, "a"), &world.answers(repetition, "b"));
            assert_eq!(test.method, TestMethod::SeedsAndEpisodes);
            test.p_value < 0.05
        };
        // Welch's approximation is careful with so few seeds.
        assert_rate(rate(is_told_apart), 0.0025, 0.07);
    }
}

#[test]
fn a_difference_is_found() {
    let better = World { num_episodes: 200, means: &[0.0, 0.7, 1.5], ..WORLD };
    let worse = World { num_episodes: 200, ..WORLD };
    let is_found =
        |repetition| compared(&better.answers(repetition, "a"), &worse.answers(repetition, "b")).1.p_value < 0.001;
    assert_rate(rate(is_found), 0.95, 1.0);
}

#[test]
fn the_variance_over_episodes_is_that_of_the_bootstrap() {
    use super::estimate::{Side, moments};
    use rand::Rng;
    // Of plain accuracies, and of balanced ones, whose cells are the templates' answers.
    for groups in [vec![vec![0], vec![1], vec![2]], (0..3).map(|t| (3 * t..3 * t + 3).collect()).collect()] {
        let groups: Vec<&[usize]> = groups.iter().map(Vec::as_slice).collect();
        let num_cells: usize = groups.iter().map(|cells| cells.len()).sum();
        let cell =
            |outcome: &Outcome| if num_cells == 3 { usize::from(outcome.template) } else { cell(outcome).unwrap_or(0) };
        let outcomes = &UNEVEN.answers(3, "a")[0];
        let answers = outcomes.iter().map(|outcome| (outcome.episode, cell(outcome), outcome.correct()));
        let clusters = Clusters::of(answers, num_cells);
        let value = |clusters: &Clusters| {
            let sides = [Side { seeds: std::slice::from_ref(clusters), sign: 1.0 }];
            moments(&sides, &groups, num_cells).expect("questions were asked")
        };
        let episodes: Vec<_> = clusters.episodes.values().collect();
        let mut generator = groundling_interface::derive(1, "test/bootstrap", &[]);
        let resampled: Vec<f64> = (0..2_000)
            .map(|_| {
                let drawn = (0..60).map(|place| (place, episodes[generator.next_u32() as usize % 60].clone()));
                value(&Clusters::of_episodes(drawn.collect(), num_cells)).value
            })
            .collect();
        let mean = resampled.iter().sum::<f64>() / 2_000.0;
        let variance = resampled.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 2_000.0;
        let ratio = variance / value(&clusters).variance;
        assert!((0.9..1.1).contains(&ratio), "{ratio}");
    }
}
