//! The question attends to the beliefs of the whole episode so far: several heads of scaled dot-product attention
//! (Vaswani et al. 2017), then a perceptron of what was found, of the present belief and of the question.
//!
//! It may use what the agent knew once and has forgotten since, so it is an upper line for what passed through the
//! agent's state, and no measure of what the state holds at the end.

use groundling_interface::InvalidSetting;
use groundling_nn::{Embedding, Linear, Scope};
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

use super::{Decoder, Read, Settings, Shape, between};
use crate::question::Words;
use crate::question_decoder::BeliefsRead;

/// Settings of the decoder that attends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttentionConfig {
    /// Numbers of a key and of a value, all heads together, and units of the perceptron, 1 to 4,096. Default 256. Time
    /// grows in proportion, and with the number of beliefs.
    pub hidden_size: usize,
    /// Heads; a divisor of `hidden_size`, 1 to 64. Default 4.
    pub num_heads: usize,
    /// Numbers that stand for a question, 1 to 4,096. Default 64.
    pub embedding_size: usize,
    /// The most beliefs of an episode that are read, 1 to 4,096; of more as many, evenly spaced. Default 128. Memory and
    /// time grow in proportion.
    pub max_beliefs: usize,
}

impl Default for AttentionConfig {
    fn default() -> Self {
        Self { hidden_size: 256, num_heads: 4, embedding_size: 64, max_beliefs: 128 }
    }
}

impl Settings for AttentionConfig {
    fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        between(section, "hidden_size", self.hidden_size, 1, 4_096)?;
        between(section, "num_heads", self.num_heads, 1, 64)?;
        let (key, expected) =
            (format!("{section}.num_heads"), format!("must divide hidden_size, {}", self.hidden_size));
        InvalidSetting::unless(self.hidden_size.is_multiple_of(self.num_heads), &key, self.num_heads, &expected)?;
        between(section, "embedding_size", self.embedding_size, 1, 4_096)?;
        between(section, "max_beliefs", self.max_beliefs, 1, 4_096)
    }

    fn beliefs_read(&self) -> BeliefsRead {
        BeliefsRead::History { most: self.max_beliefs }
    }

    fn describe(&self) -> String {
        let (size, heads, most) = (self.hidden_size, self.num_heads, self.max_beliefs);
        format!("attention {size} with {heads} heads over up to {most} beliefs of the episode")
    }
}

/// Ages up to this one have a row each; above, each doubling of the age has two.
const EXACT_AGES: i64 = 4;
/// Rows for ages: enough for the longest episode there can be.
const NUM_AGES: i64 = EXACT_AGES + 2 * 30;

#[derive(Debug)]
pub(super) struct AttentionDecoder {
    num_heads: i64,
    words: Words,
    query: Linear,
    /// Of a belief: keys, then values.
    memory: Linear,
    /// What its age adds to those.
    age: Embedding,
    belief: Linear,
    found: Linear,
    question: Linear,
    hidden: Linear,
    output: Linear,
}

impl AttentionDecoder {
    pub(super) fn new(scope: &mut Scope<'_>, config: &AttentionConfig, shape: Shape<'_>) -> Self {
        let (size, embedding_size) = (config.hidden_size as i64, config.embedding_size as i64);
        Self {
            num_heads: config.num_heads as i64,
            words: Words::new(scope.sub("words"), shape.vocabulary, embedding_size),
            query: Linear::new(scope.sub("query"), embedding_size, size, 1.0),
            memory: Linear::new(scope.sub("memory"), shape.num_features, 2 * size, 1.0),
            age: Embedding::new(scope.sub("age"), NUM_AGES, 2 * size, 0.1),
            belief: Linear::new(scope.sub("belief_map"), shape.num_features, size, 1.0),
            found: Linear::new(scope.sub("found"), size, size, 1.0),
            question: Linear::new(scope.sub("question"), embedding_size, size, 1.0),
            hidden: Linear::new(scope.sub("hidden"), size, size, std::f64::consts::SQRT_2),
            output: Linear::new(scope.sub("output"), size, shape.num_answers(), 1.0),
        }
    }

    /// What the heads found for each question, `[B, hidden_size]`.
    fn attend(&self, words: &Tensor, read: &Read<'_>) -> Tensor {
        let beliefs = read.beliefs;
        let (num, length) = (beliefs.histories.size()[0], beliefs.histories.size()[1]);
        let remembered = self.memory.forward(&read.features).index_select(0, &beliefs.histories.view([-1]));
        let remembered = remembered.view([num, length, -1]) + self.age.forward(&age_rows(&beliefs.ages));
        let size = remembered.size()[2] / 2;
        let by_head = |tensor: &Tensor, rows: i64| {
            tensor.reshape([num, rows, self.num_heads, size / self.num_heads]).transpose(1, 2)
        };
        let parts = remembered.chunk(2, 2);
        let (keys, values) = (by_head(&parts[0], length), by_head(&parts[1], length));
        let slots = Tensor::zeros([num * beliefs.num_slots, size], (Kind::Float, beliefs.device()));
        let queries = slots.index_copy(0, &beliefs.slots, &self.query.forward(words));
        let queries = by_head(&queries, beliefs.num_slots) * (self.num_heads as f64 / size as f64).sqrt();
        let missing = beliefs.ages.lt(0).view([num, 1, 1, length]);
        let scores = queries.matmul(&keys.transpose(2, 3)).masked_fill(&missing, f64::NEG_INFINITY);
        let found = scores.softmax(-1, Kind::Float).matmul(&values).transpose(1, 2);
        found.reshape([num * beliefs.num_slots, size]).index_select(0, &beliefs.slots)
    }
}

/// Exact for the latest steps, and coarser the longer ago, as Raffel et al. (2020) bin distances.
fn age_rows(ages: &Tensor) -> Tensor {
    let exact = ages.clamp(0, EXACT_AGES - 1);
    let doublings = (ages.clamp_min(EXACT_AGES).to_kind(Kind::Float) / EXACT_AGES as f64).log2();
    let coarse = (doublings * 2.0).floor().to_kind(Kind::Int64) + EXACT_AGES;
    exact.where_self(&ages.lt(EXACT_AGES), &coarse.clamp_max(NUM_AGES - 1))
}

impl Decoder for AttentionDecoder {
    fn logits(&self, questions: &Tensor, read: Option<&Read<'_>>) -> Tensor {
        let words = self.words.forward(questions);
        let mut joined = self.question.forward(&words);
        if let Some(read) = read {
            joined += read.at_present(&self.belief.forward(&read.features));
            joined += self.found.forward(&self.attend(&words, read));
        }
        self.output.forward(&self.hidden.forward(&joined.relu()).relu())
    }
}
