//! Tests of the networks as functions; what they learn is tested with the probe.

mod attention;
mod every_decoder;
mod features;
mod linear;

use std::path::Path;

use groundling_nn::Parameters;
use groundling_questions::QuestionVocabulary;
use tch::{Device, Kind, Tensor};

use crate::{Beliefs, DecoderName, DecoderSettings, QuestionDecoder};

/// `N` of the beliefs here.
const SIZE: usize = 3;

fn vocabulary() -> QuestionVocabulary {
    let words = |names: &[&str]| names.iter().map(|name| (*name).to_string()).collect::<Vec<String>>();
    let (templates, tokens) = (words(&["one"]), words(&["is", "there", "a", "ball"]));
    let json = serde_json::json!({
        "templates": templates, "tokens": tokens, "answers": words(&["yes", "no", "red"]), "max_tokens": 4,
    });
    serde_json::from_value(json).unwrap()
}

/// Small networks of each kind.
fn settings() -> DecoderSettings {
    let mut settings = DecoderSettings::default();
    settings.lstm.hidden_size = 8;
    settings.lstm.embedding_size = 4;
    settings.mlp.hidden_size = 8;
    settings.mlp.embedding_size = 4;
    settings.gated.hidden_size = 8;
    settings.gated.embedding_size = 4;
    settings.linear.embedding_size = 4;
    settings.attention.hidden_size = 8;
    settings.attention.num_heads = 2;
    settings.attention.embedding_size = 4;
    settings.unscaled.hidden_size = 8;
    settings.unscaled.embedding_size = 4;
    settings
}

fn decoder(name: DecoderName) -> (Parameters, QuestionDecoder) {
    let mut parameters = Parameters::new(Device::Cpu);
    let decoder = QuestionDecoder::new(&mut parameters.scope(3), name, &settings(), &vocabulary(), SIZE);
    (parameters, decoder)
}

/// Numbers without a pattern, of order 1.
fn numbers(shape: &[i64], step: f64) -> Tensor {
    let num: i64 = shape.iter().product();
    (Tensor::arange(num, (Kind::Float, Device::Cpu)) * step + 0.3).sin().view(shape)
}

/// Rows of tokens of three questions of four words.
fn questions() -> Tensor {
    Tensor::from_slice(&[0i64, 6, 12, 18, 1, 7, 13, 15, 2, 5, 11, 19]).view([3, 4])
}

/// Five beliefs of one episode and one of another: the first two questions are asked at the end of the first one.
fn two_histories() -> Beliefs {
    Beliefs {
        rows: numbers(&[6, 2 * SIZE as i64], 1.7),
        present: Tensor::from_slice(&[4i64, 4, 5]),
        histories: Tensor::from_slice(&[0i64, 1, 2, 3, 4, 0, 0, 0, 0, 5]).view([2, 5]),
        ages: Tensor::from_slice(&[40i64, 9, 5, 2, 0, -1, -1, -1, -1, 0]).view([2, 5]),
        slots: Tensor::from_slice(&[0i64, 1, 2]),
        num_slots: 2,
    }
}

fn largest_difference(one: &Tensor, other: &Tensor) -> f64 {
    (one - other).abs().max().double_value(&[])
}

#[test]
fn no_decoder_is_built_from_anything_but_this_folder() {
    // A decoder is one file beside the registry, named as a configuration names it.
    for name in DecoderName::ALL {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/decoders/{}.rs", name.name()));
        assert!(file.exists(), "{}", file.display());
    }
}
