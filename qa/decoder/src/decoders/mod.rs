//! The kinds of decoders: one file each, and one entry in `registry!`. What a probe finds depends on its strength, so a
//! finding is worth more when it holds for several.
//!
//! To add one: a file beside these with a type that is a [`Decoder`], its settings, which are [`Settings`], and an entry
//! below. Configuration, checks, training, saving and every control ask the registry.

mod attention;
mod gated;
mod linear;
mod lstm;
mod mlp;
mod unscaled;

use std::fmt::Debug;

use groundling_interface::InvalidSetting;
use groundling_nn::Scope;
use groundling_questions::QuestionVocabulary;
use serde::{Deserialize, Serialize};
use tch::Tensor;

use crate::beliefs::Beliefs;
use crate::question_decoder::BeliefsRead;
pub use attention::AttentionConfig;
pub use gated::GatedConfig;
pub use linear::LinearConfig;
pub use lstm::LstmConfig;
pub use mlp::MlpConfig;
pub use unscaled::{UnscaledConfig, UnscaledNetwork};

/// A network that answers questions.
pub(crate) trait Decoder: Debug + Send {
    /// Scores of the answers, f32 `[B, answers]`. `questions`: rows of tokens, i64 `[B, max_tokens]`. Without `read` it
    /// is told nothing but the question.
    fn logits(&self, questions: &Tensor, read: Option<&Read<'_>>) -> Tensor;
}

/// The settings of one kind of decoder: the table `[probe.decoders.<name>]`.
pub(crate) trait Settings {
    /// Checks ranges, also of a decoder that is not chosen. `section` is the dotted name of the table.
    fn validate(&self, section: &str) -> Result<(), InvalidSetting>;

    /// Which beliefs it looks at.
    fn beliefs_read(&self) -> BeliefsRead {
        BeliefsRead::Present
    }

    /// Whether each feature of the beliefs is brought to one scale before it reads them.
    fn standardizes(&self) -> bool {
        true
    }

    /// What it is, in a few words for a report, such as `LSTM 256, the question at each of 4 steps`.
    fn describe(&self) -> String;
}

/// What a decoder is made for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape<'a> {
    /// Words of questions and answers.
    pub(crate) vocabulary: &'a QuestionVocabulary,
    /// Numbers of a belief.
    pub(crate) num_features: i64,
}

impl Shape<'_> {
    fn num_answers(&self) -> i64 {
        self.vocabulary.answers().len() as i64
    }
}

/// The beliefs of a batch as features.
#[derive(Debug)]
pub(crate) struct Read<'a> {
    /// Of each distinct belief, f32 `[R, num_features]`.
    pub(crate) features: Tensor,
    /// Which of them belong to which question.
    pub(crate) beliefs: &'a Beliefs,
}

impl Read<'_> {
    /// What was made of each distinct belief, `[R, ..]`, for each question that of its present belief, `[B, ..]`.
    fn at_present(&self, made: &Tensor) -> Tensor {
        made.index_select(0, &self.beliefs.present)
    }
}

/// A name under which no decoder is written down.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no decoder is named {name:?}: must be one of {}", .expected.join(", "))]
pub struct UnknownDecoderName {
    name: String,
    expected: &'static [&'static str],
}

/// Writes down which decoders there are, each as
/// `/// documentation`, `<name> <Variant>: <type of the decoder>, <type of its settings>;`, the default first.
macro_rules! registry {
    ($($(#[$doc:meta])* $(@$default:ident)? $key:ident $variant:ident: $decoder:ty, $config:ty;)*) => {
        /// Which decoder.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(into = "&'static str", try_from = "String")]
        pub enum DecoderName {
            $($(#[$doc])* $(#[$default])? $variant,)*
        }

        impl DecoderName {
            /// Every decoder.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            const NAMES: &[&str] = &[$(stringify!($key)),*];

            /// As a configuration has it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($key),)*
                }
            }
        }

        impl From<DecoderName> for &'static str {
            fn from(name: DecoderName) -> Self {
                name.name()
            }
        }

        impl TryFrom<String> for DecoderName {
            type Error = UnknownDecoderName;

            fn try_from(name: String) -> Result<Self, UnknownDecoderName> {
                match name.as_str() {
                    $(stringify!($key) => Ok(Self::$variant),)*
                    _ => Err(UnknownDecoderName { name, expected: Self::NAMES }),
                }
            }
        }

        /// The settings of each kind of decoder; only those of the chosen one have an effect.
        #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct DecoderSettings {
            $($(#[$doc])* pub $key: $config,)*
        }

        impl DecoderSettings {
            /// Checks ranges. `section` is the dotted name of the table of these tables, which keys begin with.
            pub fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
                $(Settings::validate(&self.$key, &format!("{section}.{}", stringify!($key)))?;)*
                Ok(())
            }

            /// Which beliefs the decoder `name` looks at.
            pub fn beliefs_read(&self, name: DecoderName) -> BeliefsRead {
                match name {
                    $(DecoderName::$variant => self.$key.beliefs_read(),)*
                }
            }

            pub(crate) fn standardizes(&self, name: DecoderName) -> bool {
                match name {
                    $(DecoderName::$variant => self.$key.standardizes(),)*
                }
            }

            /// The decoder `name` in a few words for a report, such as `LSTM 256, the question at each of 4 steps`.
            pub fn describe(&self, name: DecoderName) -> String {
                match name {
                    $(DecoderName::$variant => self.$key.describe(),)*
                }
            }

            pub(crate) fn build(&self, name: DecoderName, scope: &mut Scope<'_>, shape: Shape<'_>) -> Box<dyn Decoder> {
                match name {
                    $(DecoderName::$variant => Box::new(<$decoder>::new(scope, &self.$key, shape)),)*
                }
            }
        }
    };
}

registry! {
    /// Das et al. (2020): an LSTM started from the belief and fed the question at each of a fixed number of steps.
    @default lstm Lstm: lstm::LstmDecoder, LstmConfig;
    /// Question and belief joined, then a multilayer perceptron.
    mlp Mlp: mlp::MlpDecoder, MlpConfig;
    /// A perceptron in which the question gates what is read from the belief.
    gated Gated: gated::GatedDecoder, GatedConfig;
    /// For each question a linear map of the belief.
    linear Linear: linear::LinearDecoder, LinearConfig;
    /// The question attends to the beliefs of the whole episode so far.
    attention Attention: attention::AttentionDecoder, AttentionConfig;
    /// A perceptron on beliefs whose features are not brought to one scale first.
    unscaled Unscaled: unscaled::UnscaledDecoder, UnscaledConfig;
}

fn between(section: &str, name: &str, value: usize, least: usize, most: usize) -> Result<(), InvalidSetting> {
    let expected = format!("must lie between {least} and {most}");
    InvalidSetting::unless((least..=most).contains(&value), &format!("{section}.{name}"), value, &expected)
}
