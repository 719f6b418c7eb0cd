//! Promise: every feature has its say, and one that hardly ever moves does not drown the others.

use groundling_nn::{Parameters, to_host};
use tch::{Device, Tensor};

use super::{SIZE, decoder, largest_difference, numbers, questions};
use crate::features::Features;
use crate::{Beliefs, DecoderName};

fn standardized(train: &Tensor, rows: &Tensor) -> Vec<f32> {
    let mut parameters = Parameters::new(Device::Cpu);
    let features = Features::new(parameters.scope(1).sub("belief"), train.size()[1] / 2);
    features.standardize(train);
    to_host(&features.forward(rows))
}

#[test]
fn small_differences_are_brought_to_variance_one() {
    // Outputs 5 and 7 with deviations of 0.001 and 0.002; cells that are normalised to -1 and 1, and never move.
    let train = Tensor::from_slice(&[5.001f32, 7.002, 1.0, 2.0, 4.999, 6.998, 10.0, 30.0]).view([2, 4]);
    let rows = standardized(&train, &train);
    for (row, sign) in rows.chunks(4).zip([1.0, -1.0]) {
        assert!((row[0] - sign).abs() < 0.1 && (row[1] - sign).abs() < 0.1, "{rows:?}");
        assert!(row[2].abs() < 0.1 && row[3].abs() < 0.1, "{rows:?}");
    }
}

#[test]
fn what_never_moved_in_the_sample_is_not_blown_up() {
    let train = Tensor::from_slice(&[1.0f32, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0]).view([2, 4]);
    let unseen = Tensor::from_slice(&[0.0f32, 1.0, 0.0, 0.0]).view([1, 4]);
    let row = standardized(&train, &unseen);
    assert!(row[1] > 5.0 && row[1] < 20.0, "{row:?}");
}

#[test]
fn one_decoder_reads_beliefs_as_they_are() {
    for &name in DecoderName::ALL {
        let (_parameters, decoder) = decoder(name);
        let beliefs = Beliefs::one_each(numbers(&[3, 2 * SIZE as i64], 1.7) * 0.01);
        let before = decoder.log_probabilities(&questions(), Some(&beliefs));
        decoder.standardize(&beliefs.rows);
        let difference = largest_difference(&before, &decoder.log_probabilities(&questions(), Some(&beliefs)));
        assert_eq!(difference == 0.0, name == DecoderName::Unscaled, "{name:?} {difference}");
    }
}
