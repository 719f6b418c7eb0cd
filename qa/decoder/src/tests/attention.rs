//! Promise: attention is softmax over an episode's own beliefs, head by head, and padding is no belief.

use groundling_nn::{NamedValues, to_host};
use tch::{Kind, Tensor};

use super::{SIZE, decoder, largest_difference, questions, two_histories};
use crate::{Beliefs, DecoderName};

/// `y = x W^T + b`.
fn linear(values: &NamedValues, name: &str, outputs: usize, input: &[f64]) -> Vec<f64> {
    let weight = values.get(&format!("{name}.weight"), &[outputs, input.len()]).unwrap();
    let bias = values.get(&format!("{name}.bias"), &[outputs]).unwrap();
    let row = |i: usize| input.iter().zip(&weight[i * input.len()..]).map(|(x, w)| x * f64::from(*w)).sum::<f64>();
    (0..outputs).map(|i| row(i) + f64::from(bias[i])).collect()
}

fn add(one: &[f64], other: &[f64]) -> Vec<f64> {
    one.iter().zip(other).map(|(a, b)| a + b).collect()
}

/// The row of an age: 0 to 3 exactly, then two rows a doubling.
fn age_row(age: f64) -> usize {
    if age < 4.0 { age as usize } else { 4 + (2.0 * (age / 4.0).log2()).floor() as usize }
}

#[test]
fn equals_the_formula() {
    let (parameters, decoder) = decoder(DecoderName::Attention);
    let beliefs = two_histories();
    let answered = to_host(&decoder.log_probabilities(&questions(), Some(&beliefs)));

    let values = parameters.values();
    let cells = beliefs.rows.narrow(1, SIZE as i64, SIZE as i64);
    let cells = cells.layer_norm([SIZE as i64], None::<Tensor>, None::<Tensor>, 1e-5, false);
    let features = to_host(&Tensor::cat(&[beliefs.rows.narrow(1, 0, SIZE as i64), cells], 1));
    let feature = |row: usize| features[6 * row..6 * (row + 1)].iter().map(|x| f64::from(*x)).collect::<Vec<f64>>();
    let (words, ages) = (values.get("words.weight", &[20, 4]).unwrap(), values.get("age.weight", &[64, 16]).unwrap());
    let tokens = Vec::<i64>::try_from(questions().view([-1])).unwrap();
    let first = [(0, 40.0), (1, 9.0), (2, 5.0), (3, 2.0), (4, 0.0)];
    let histories = [&first[..], &first[..], &[(5, 0.0)][..]];
    for (asked, history) in histories.iter().enumerate() {
        let embedded: Vec<f64> =
            (0..4).map(|k| (0..4).map(|at| f64::from(words[tokens[4 * asked + at] as usize * 4 + k])).sum()).collect();
        let query = linear(&values, "query", 8, &embedded);
        let remembered = |&(row, age): &(usize, f64)| {
            let of_age: Vec<f64> = (0..16).map(|k| f64::from(ages[16 * age_row(age) + k])).collect();
            add(&linear(&values, "memory", 16, &feature(row)), &of_age)
        };
        let memory: Vec<Vec<f64>> = history.iter().map(remembered).collect();
        let mut found = vec![0.0; 8];
        for head in 0..2 {
            let part = 4 * head..4 * (head + 1);
            let score = |m: &Vec<f64>| part.clone().map(|k| query[k] * m[k]).sum::<f64>() / 2.0;
            let total: f64 = memory.iter().map(|m| score(m).exp()).sum();
            for m in &memory {
                part.clone().for_each(|k| found[k] += score(m).exp() / total * m[8 + k]);
            }
        }
        let present = history.last().unwrap().0;
        let joined =
            add(&linear(&values, "question", 8, &embedded), &linear(&values, "belief_map", 8, &feature(present)));
        let joined = add(&joined, &linear(&values, "found", 8, &found));
        let relu = |numbers: Vec<f64>| numbers.into_iter().map(|x| x.max(0.0)).collect::<Vec<f64>>();
        let scores = linear(&values, "output", 3, &relu(linear(&values, "hidden", 8, &relu(joined))));
        let total: f64 = scores.iter().map(|score| score.exp()).sum();
        for (answer, score) in scores.iter().enumerate() {
            let error = (score - total.ln() - f64::from(answered[3 * asked + answer])).abs();
            assert!(error < 1e-5, "question {asked}, answer {answer}: {error}");
        }
    }
}

#[test]
fn an_earlier_belief_counts_and_its_age_does() {
    let (_parameters, decoder) = decoder(DecoderName::Attention);
    let answered = |beliefs: &Beliefs| decoder.log_probabilities(&questions(), Some(beliefs));
    let as_it_was = answered(&two_histories());
    let mut changed = two_histories();
    let _ = changed.rows.get(1).fill_(2.0);
    let first = |tensor: &Tensor| tensor.narrow(0, 0, 2);
    assert!(largest_difference(&first(&answered(&changed)), &first(&as_it_was)) > 1e-4);
    changed = two_histories();
    changed.ages = Tensor::from_slice(&[40i64, 30, 5, 2, 0, -1, -1, -1, -1, 0]).view([2, 5]);
    assert!(largest_difference(&first(&answered(&changed)), &first(&as_it_was)) > 1e-5);
    assert_eq!(largest_difference(&answered(&changed).get(2), &as_it_was.get(2)), 0.0);
}

#[test]
fn the_longest_episode_has_an_age() {
    let (_parameters, decoder) = decoder(DecoderName::Attention);
    let mut beliefs = two_histories();
    beliefs.ages = Tensor::from_slice(&[i64::from(u32::MAX), 9, 5, 2, 0, -1, -1, -1, -1, 0]).view([2, 5]);
    let answered = decoder.log_probabilities(&questions(), Some(&beliefs));
    assert!(answered.isfinite().all().double_value(&[]) == 1.0 && answered.kind() == Kind::Float);
}
