//! Question decoders: networks that map beliefs and a question to log-probabilities of one-word answers.
//!
//! A crate of its own, so that the probe, which reads frozen beliefs and whose interface has no tensor, and the oracle,
//! which lets questions' gradients into an agent, share the networks and nothing else. Nothing here is trained, saved or
//! scored, and nothing here knows where a belief comes from.

mod beliefs;
mod decoders;
mod features;
mod question;
mod question_decoder;
#[cfg(test)]
mod tests;

pub use beliefs::Beliefs;
pub use decoders::{
    AttentionConfig, DecoderName, DecoderSettings, GatedConfig, LinearConfig, LstmConfig, MlpConfig,
    UnknownDecoderName, UnscaledConfig, UnscaledNetwork,
};
pub use question::{ForeignQuestion, token_rows};
pub use question_decoder::{BeliefsRead, QuestionDecoder};
