//! Promise: the linear decoder is linear in the belief, and its map of the belief a sum over the question's words.

use groundling_nn::to_host;
use tch::{Kind, Tensor};

use super::{SIZE, decoder, largest_difference, numbers, questions};
use crate::{Beliefs, DecoderName};

#[test]
fn equals_the_formula() {
    let (parameters, decoder) = decoder(DecoderName::Linear);
    let rows = numbers(&[3, 2 * SIZE as i64], 1.7);
    let answered = decoder.log_probabilities(&questions(), Some(&Beliefs::one_each(rows.shallow_clone())));

    let values = parameters.values();
    let get = |name: &str, shape: &[usize]| values.get(name, shape).unwrap().to_vec();
    let words = get("words.weight", &[20, 4]);
    let (maps, maps_bias) = (get("maps.weight", &[15, 6]), get("maps.bias", &[15]));
    let (question, question_bias) = (get("question.weight", &[3, 4]), get("question.bias", &[3]));
    let features = to_host(&Tensor::cat(
        &[
            rows.narrow(1, 0, SIZE as i64),
            rows.narrow(1, SIZE as i64, SIZE as i64).layer_norm(
                [SIZE as i64],
                None::<Tensor>,
                None::<Tensor>,
                1e-5,
                false,
            ),
        ],
        1,
    ));
    let tokens = Vec::<i64>::try_from(questions().view([-1])).unwrap();
    let mut expected = Vec::new();
    for asked in 0..3 {
        let embedded = |k: usize| (0..4).map(|at| words[tokens[4 * asked + at] as usize * 4 + k]).sum::<f32>();
        let map =
            |row: usize| (0..6).map(|f| maps[row * 6 + f] * features[6 * asked + f]).sum::<f32>() + maps_bias[row];
        for answer in 0..3 {
            // The last map is that of every question.
            let mixed: f32 = (0..4).map(|k| embedded(k) * map(k * 3 + answer)).sum::<f32>() + map(4 * 3 + answer);
            let alone: f32 = (0..4).map(|k| embedded(k) * question[answer * 4 + k]).sum();
            expected.push(mixed + alone + question_bias[answer]);
        }
    }
    let expected = Tensor::from_slice(&expected).view([3, 3]).log_softmax(-1, Kind::Float);
    assert!(largest_difference(&answered, &expected) < 1e-5);
}
