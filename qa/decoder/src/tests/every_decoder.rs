//! Promise: whatever the decoder, its answers are a distribution, gradients reach all of it and the beliefs, and without
//! beliefs nothing but the question counts.

use tch::{Kind, Tensor};

use super::{SIZE, decoder, largest_difference, numbers, questions, two_histories};
use crate::{Beliefs, DecoderName};

#[test]
fn answers_are_a_distribution_for_each_question() {
    for &name in DecoderName::ALL {
        let (_parameters, decoder) = decoder(name);
        for beliefs in [Some(two_histories()), None] {
            let log_probabilities = decoder.log_probabilities(&questions(), beliefs.as_ref());
            assert_eq!(log_probabilities.size(), [3, 3], "{name:?}");
            let sums = log_probabilities.exp().sum_dim_intlist([1i64].as_slice(), false, Kind::Float);
            assert!(largest_difference(&sums, &Tensor::ones_like(&sums)) < 1e-5, "{name:?}");
        }
    }
}

#[test]
fn gradients_are_finite_and_reach_every_parameter_and_the_beliefs() {
    for &name in DecoderName::ALL {
        let (parameters, decoder) = decoder(name);
        let mut beliefs = two_histories();
        beliefs.rows = beliefs.rows.set_requires_grad(true);
        let answers = Tensor::from_slice(&[0i64, 1, 2]);
        decoder.log_probabilities(&questions(), Some(&beliefs)).nll_loss(&answers).backward();
        for (parameter, tensor) in parameters.iter().filter(|(_, tensor)| tensor.requires_grad()) {
            let norm = tensor.grad().norm().double_value(&[]);
            assert!(norm.is_finite() && norm > 0.0, "{name:?} {parameter} {norm}");
        }
        let of_rows = beliefs.rows.grad().abs().sum_dim_intlist([1i64].as_slice(), false, Kind::Float);
        let reached = Vec::<f32>::try_from(&of_rows).unwrap();
        let reads_history = name == DecoderName::Attention;
        // Two beliefs are present ones; those before them are read by attention only.
        let expected = [reads_history, reads_history, reads_history, reads_history, true, true];
        assert_eq!(reached.iter().map(|norm| *norm > 0.0).collect::<Vec<bool>>(), expected, "{name:?} {reached:?}");
    }
}

#[test]
fn without_beliefs_only_the_question_counts() {
    for &name in DecoderName::ALL {
        let (_parameters, decoder) = decoder(name);
        let alone = decoder.log_probabilities(&questions(), None);
        let rows = |step: f64| Beliefs::one_each(numbers(&[3, 2 * SIZE as i64], step));
        let read = decoder.log_probabilities(&questions(), Some(&rows(1.7)));
        let other = decoder.log_probabilities(&questions(), Some(&rows(2.9)));
        assert!(largest_difference(&read, &other) > 1e-3 && largest_difference(&alone, &read) > 1e-3, "{name:?}");
        assert!(largest_difference(&alone.get(0), &alone.get(1)) > 1e-3, "{name:?}");
    }
}

#[test]
fn one_belief_for_each_question_is_a_history_of_one() {
    for &name in DecoderName::ALL {
        let (_parameters, decoder) = decoder(name);
        let rows = numbers(&[3, 2 * SIZE as i64], 1.7);
        let together = decoder.log_probabilities(&questions(), Some(&Beliefs::one_each(rows.shallow_clone())));
        for question in 0..3 {
            let row = Beliefs::one_each(rows.narrow(0, question, 1));
            let alone = decoder.log_probabilities(&questions().narrow(0, question, 1), Some(&row));
            assert!(largest_difference(&together.narrow(0, question, 1), &alone) < 1e-5, "{name:?}");
        }
    }
}
