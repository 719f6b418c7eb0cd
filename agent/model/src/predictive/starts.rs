//! Start points: from which states a predictive loss looks ahead, and how far.
//!
//! Predicting from every row at every distance would cost rows × distances. Here a few random rows of each room are
//! start points, and a few random distances (offsets) are tried from each, so that what a loss costs is set by
//! `num_starts` and `num_offsets`, not by the length of the unroll. No pair of start and target crosses an episode's end.

use groundling_interface::InvalidSetting;
use groundling_nn::LstmState;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use tch::Tensor;

use crate::network::UnrollOutput;
use crate::unroll::Batch;

/// How start points and offsets are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StartSettings {
    /// Start points a room and unroll.
    pub(crate) num_starts: usize,
    /// Offsets drawn a start point, with replacement.
    pub(crate) num_offsets: usize,
    /// Smallest offset: 0 where the present frame is predicted too, 1 where only the future is.
    pub(crate) nearest: usize,
    /// Largest offset.
    pub(crate) farthest: usize,
    /// A start point lies at least so many rows behind its episode's first one.
    pub(crate) earliest_start: usize,
}

impl StartSettings {
    /// Checks the settings that every loss has under the same name; `section` is the dotted name of its table.
    pub(crate) fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        let check = |name: &str, value: usize, least: usize, most: usize| {
            let expected = format!("must lie between {least} and {most}");
            InvalidSetting::unless((least..=most).contains(&value), &format!("{section}.{name}"), value, &expected)
        };
        check("num_starts", self.num_starts, 1, 1000)?;
        check("num_offsets", self.num_offsets, 1, 1000)?;
        check("earliest_start", self.earliest_start, 0, 100_000)
    }

    /// The row of a start point: one of those that are late enough. Where every row is early, as at the beginning of long
    /// episodes, any of `0..=length` will do.
    pub(crate) fn draw_row(late: &[usize], length: usize, generator: &mut ChaCha8Rng) -> usize {
        match late.len() {
            0 => generator.random_range(0..=length),
            num_rows => late[generator.random_range(0..num_rows)],
        }
    }

    /// Draws start points and offsets for a batch. `S` is `num_starts` times the rooms; a start point that has no row
    /// `nearest` ahead of it in its episode has no pairs.
    pub(crate) fn draw(&self, batch: &Batch, generator: &mut ChaCha8Rng) -> Starts {
        let flat = |t: usize, room: usize| (t * batch.num_rooms + room) as i64;
        let (mut places, mut pairs, mut targets) = (Vec::new(), Vec::new(), Vec::new());
        for room in 0..batch.num_rooms {
            let late = batch.rows_behind_start(room, self.earliest_start);
            for _ in 0..self.num_starts {
                let t = Self::draw_row(&late, batch.length, generator);
                let reach = self.farthest.min(batch.rows_to_go(t, room));
                if self.nearest <= reach {
                    for _ in 0..self.num_offsets {
                        let offset = generator.random_range(self.nearest..=reach);
                        pairs.push((places.len(), offset));
                        targets.push(flat(t + offset, room));
                    }
                }
                places.push((t, room));
            }
        }
        // Those that something far ahead is predicted of come first, so that those still running are always the first ones.
        let mut farthest = vec![0; places.len()];
        for &(start, offset) in &pairs {
            farthest[start] = farthest[start].max(offset);
        }
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_by_key(|&start| std::cmp::Reverse(farthest[start]));
        let mut position = vec![0; places.len()];
        for (new, &start) in order.iter().enumerate() {
            position[start] = new;
        }
        let longest = farthest.iter().copied().max().unwrap_or(0);
        let row_after = |k: usize| {
            let action_at = |&start: &usize| flat((places[start].0 + k).min(batch.length - 1), places[start].1);
            order.iter().map(action_at).collect()
        };
        Starts {
            actions: (0..longest).map(row_after).collect(),
            num_running: (0..longest).map(|k| farthest.iter().filter(|&&farthest| farthest > k).count()).collect(),
            pairs: pairs.into_iter().map(|(start, offset)| (position[start], offset)).collect(),
            targets,
            rows: order.iter().map(|&start| flat(places[start].0, places[start].1)).collect(),
        }
    }
}

/// Which states are started from and which rows are predicted. Rows of the batch are flat indices `t * B + room`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Starts {
    /// Row of each start, `[S]`; those from which the farthest prediction is made come first.
    pub(crate) rows: Vec<i64>,
    /// Rows of the actions after each start, `[K][S]`, `K` the largest offset drawn.
    actions: Vec<Vec<i64>>,
    /// Of how many starts, the first ones, something is predicted after more than `k` actions, `[K]`.
    num_running: Vec<usize>,
    /// Start and offset of each pair, `[M]`.
    pub(crate) pairs: Vec<(usize, usize)>,
    /// Row that each pair must predict, `[M]`.
    pub(crate) targets: Vec<i64>,
}

impl Starts {
    /// The agent's core state at each start, `[S, N]` twice.
    pub(crate) fn states(&self, output: &UnrollOutput) -> LstmState {
        LstmState { hidden: select_rows(&output.hidden, &self.rows), cell: select_rows(&output.cell, &self.rows) }
    }

    /// The actions taken after each start, i64 `[K, S]`. Past an episode's end and past the farthest prediction of a start
    /// any action stands there: nothing is predicted of it.
    pub(crate) fn actions(&self, batch: &Batch) -> Tensor {
        let actions = select_rows(&batch.actions, &self.actions.concat());
        actions.view([self.actions.len() as i64, self.rows.len() as i64])
    }

    /// Of the states that were simulated with `actions`, those that the pairs ask for, `[M, N]`. `simulated` is
    /// `[K + 1, S, N]`, the states at the starts first.
    pub(crate) fn select(&self, simulated: &Tensor) -> Tensor {
        let places: Vec<i64> =
            self.pairs.iter().map(|&(start, offset)| (offset * self.rows.len() + start) as i64).collect();
        select_rows(simulated, &places)
    }

    /// The actions taken after those starts alone that still have something to predict: i64 `[Σ S_k]` and `[S_k]`, the
    /// number of starts, the first ones, that take part in each step `k` in `0..K`.
    pub(crate) fn running_actions(&self, batch: &Batch) -> (Tensor, Vec<i64>) {
        let rows = self.actions.iter().zip(&self.num_running).flat_map(|(rows, &num_running)| &rows[..num_running]);
        let rows: Vec<i64> = rows.copied().collect();
        (select_rows(&batch.actions, &rows), self.num_running.iter().map(|&num_running| num_running as i64).collect())
    }

    /// Of the states that were simulated with `running_actions`, those that the pairs ask for, `[M, N]`. `simulated` is
    /// `[S + Σ S_k, N]`, the states at the starts first.
    pub(crate) fn select_running(&self, simulated: &Tensor) -> Tensor {
        let mut begins = vec![0, self.rows.len()];
        for (k, num_running) in self.num_running.iter().enumerate() {
            begins.push(begins[k + 1] + num_running);
        }
        let places: Vec<i64> = self.pairs.iter().map(|&(start, offset)| (begins[offset] + start) as i64).collect();
        simulated.index_select(0, &Tensor::from_slice(&places).to_device(simulated.device()))
    }
}

/// The rows with these flat indices of a tensor `[T, B, ..]`: `[M, ..]`.
pub(crate) fn select_rows(tensor: &Tensor, rows: &[i64]) -> Tensor {
    tensor.flatten(0, 1).index_select(0, &Tensor::from_slice(rows).to_device(tensor.device()))
}

#[cfg(test)]
mod tests {
    use groundling_interface::{StepKind, derive};

    use super::*;
    use crate::predictive::tests::batch_of;

    /// Room 0: episodes of rows 0..=4, 5..=9 and one that begins in row 10. Room 1 began earlier and goes on.
    fn batch() -> Batch {
        batch_of(12, 2, |t, room| match (room, t % 5) {
            (0, 0) => StepKind::First,
            (0, 4) => StepKind::Truncated,
            _ => StepKind::Mid,
        })
    }

    fn draw(nearest: usize, earliest_start: usize) -> (Starts, Batch) {
        let settings = StartSettings { num_starts: 50, num_offsets: 4, nearest, farthest: 3, earliest_start };
        let batch = batch();
        (settings.draw(&batch, &mut derive(4, "starts", &[])), batch)
    }

    #[test]
    fn no_pair_crosses_an_episodes_end() {
        for nearest in [0, 1] {
            let (starts, _) = draw(nearest, 0);
            let mut met = std::collections::BTreeSet::new();
            for (&(start, offset), &target) in starts.pairs.iter().zip(&starts.targets) {
                let start = starts.rows[start];
                assert_eq!(target, start + 2 * offset as i64, "so many rows ahead in the same room");
                assert!((nearest..=3).contains(&offset) && target < 26);
                if start % 2 == 0 {
                    assert_eq!(start / 2 / 5, target / 2 / 5, "the same episode of room 0");
                }
                met.insert((start, offset));
            }
            // Nearly everything that is allowed is met in so many draws of so few: room 0 by episode, then room 1.
            let pairs_of = |rows: usize| (nearest..=3).map(|k| rows.saturating_sub(k)).sum::<usize>();
            assert!(met.len() > (2 * pairs_of(5) + pairs_of(3) + pairs_of(13)) * 7 / 10, "{}", met.len());
        }
    }

    #[test]
    fn a_start_without_a_future_has_no_pairs() {
        let pairs_of_room_0 = |starts: &Starts| {
            let in_room_0 = |&&(start, _): &&(usize, usize)| starts.rows[start] % 2 == 0;
            starts.pairs.iter().filter(in_room_0).count()
        };
        let (starts, _) = draw(1, 4);
        // Of room 0 only the last rows of the first two episodes are late enough.
        let room_0: Vec<i64> = starts.rows.iter().copied().filter(|row| row % 2 == 0).collect();
        assert!(room_0.len() == 50 && room_0.iter().all(|row| [8, 18].contains(row)));
        assert_eq!(pairs_of_room_0(&starts), 0);
        let (with_present, _) = draw(0, 4);
        assert_eq!(pairs_of_room_0(&with_present), 50 * 4, "the present itself");
    }

    #[test]
    fn actions_are_those_taken_after_the_start() {
        let (starts, batch) = draw(1, 0);
        let actions = starts.actions(&batch);
        assert_eq!(actions.size(), [3, 100]);
        for &(start, offset) in &starts.pairs {
            for k in 0..offset {
                // An action's number in this batch is that of its row.
                assert_eq!(actions.int64_value(&[k as i64, start as i64]), starts.rows[start] + 2 * k as i64);
            }
        }
    }

    #[test]
    fn only_starts_with_something_to_predict_run() {
        let (starts, batch) = draw(1, 3);
        let (actions, sizes) = starts.running_actions(&batch);
        let all = starts.actions(&batch);
        let running: Vec<Tensor> =
            sizes.iter().enumerate().map(|(k, &size)| all.get(k as i64).narrow(0, 0, size)).collect();
        assert_eq!(Tensor::cat(&running, 0), actions);
        assert!(sizes.is_sorted_by(|one, other| one >= other) && sizes[0] < 100 && sizes[2] > 0);
        for (start, _) in starts.rows.iter().enumerate() {
            let offsets = starts.pairs.iter().filter(|pair| pair.0 == start).map(|pair| pair.1);
            let farthest = offsets.max().unwrap_or(0);
            assert_eq!(sizes.iter().filter(|&&size| (start as i64) < size).count(), farthest);
        }
        // A state that tells which start and step it is of is found by both ways of simulating.
        let states = Tensor::arange(400, (tch::Kind::Int64, tch::Device::Cpu)).view([4, 100, 1]);
        let mut kept = vec![states.get(0)];
        kept.extend(sizes.iter().enumerate().map(|(k, &size)| states.get(k as i64 + 1).narrow(0, 0, size)));
        let expected: Vec<i64> = starts.pairs.iter().map(|&(start, offset)| (offset * 100 + start) as i64).collect();
        assert_eq!(starts.select(&states).view([-1]), Tensor::from_slice(&expected));
        assert_eq!(starts.select_running(&Tensor::cat(&kept, 0)).view([-1]), Tensor::from_slice(&expected));
    }

    #[test]
    fn settings_out_of_range_are_named() {
        let settings = StartSettings { num_starts: 0, num_offsets: 1, nearest: 0, farthest: 1, earliest_start: 0 };
        let message = settings.validate("predictive.simcore").unwrap_err().to_string();
        assert!(
            message.contains("predictive.simcore.num_starts") && message.contains("between 1 and 1000"),
            "{message}"
        );
    }
}
