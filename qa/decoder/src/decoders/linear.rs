//! For each question a linear map of the belief: what a linear read-out can say (Alain & Bengio 2016).
//!
//! The scores of the answers are `e(q)ᵀ W b + U b + V e(q) + v`, with `b` the features of the belief and `e(q)` a sum of
//! one vector for each word of the question. For a given question this is multinomial logistic regression of the
//! belief; the maps of different questions share what their words share, because `e(q)ᵀ W` is a sum over the words. So it
//! can pick out what a word asks for and weigh it, and it can add what two words ask for. It cannot combine parts of the
//! belief with each other: whether two numbers are *equal*, or which of the things near one is red when both are spread
//! over the belief, is beyond it unless the belief holds it ready.

use groundling_interface::InvalidSetting;
use groundling_nn::{Linear, Scope};
use serde::{Deserialize, Serialize};
use tch::Tensor;

use super::{Decoder, Read, Settings, Shape, between};
use crate::question::Words;

/// Settings of the linear read-out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinearConfig {
    /// Numbers that stand for a question, 1 to 1,024: of how many maps of the belief its own is a mixture. Default 64.
    /// Time grows in proportion. Fewer than there are words make words share maps.
    pub embedding_size: usize,
}

impl Default for LinearConfig {
    fn default() -> Self {
        Self { embedding_size: 64 }
    }
}

impl Settings for LinearConfig {
    fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        between(section, "embedding_size", self.embedding_size, 1, 1_024)
    }

    fn describe(&self) -> String {
        format!("linear in the belief, a mixture of {} maps for each question", self.embedding_size)
    }
}

#[derive(Debug)]
pub(super) struct LinearDecoder {
    num_answers: i64,
    words: Words,
    /// `V` and `v`.
    question: Linear,
    /// `W`, and `U` behind it.
    maps: Linear,
}

impl LinearDecoder {
    pub(super) fn new(scope: &mut Scope<'_>, config: &LinearConfig, shape: Shape<'_>) -> Self {
        let (size, num_answers) = (config.embedding_size as i64, shape.num_answers());
        // Scores begin of order 1 although a question adds up so many maps.
        let gain = 1.0 / (size as f64 + 1.0).sqrt();
        Self {
            num_answers,
            words: Words::new(scope.sub("words"), shape.vocabulary, size),
            question: Linear::new(scope.sub("question"), size, num_answers, 1.0),
            maps: Linear::new(scope.sub("maps"), shape.num_features, (size + 1) * num_answers, gain),
        }
    }
}

impl Decoder for LinearDecoder {
    fn logits(&self, questions: &Tensor, read: Option<&Read<'_>>) -> Tensor {
        let words = self.words.forward(questions);
        let alone = self.question.forward(&words);
        let Some(read) = read else { return alone };
        let num = words.size()[0];
        let maps = read.at_present(&self.maps.forward(&read.features)).view([num, -1, self.num_answers]);
        let mixture = Tensor::cat(&[&words, &words.new_ones([num, 1], (words.kind(), words.device()))], 1);
        alone + mixture.unsqueeze(1).bmm(&maps).squeeze_dim(1)
    }
}
