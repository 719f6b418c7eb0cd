//! The questions' loss: cross-entropy of the right answers, whose gradient flows into the agent.

use groundling_decoder::{Beliefs, DecoderName, QuestionDecoder};
use groundling_model::{AgentStates, AuxiliaryBlueprint, AuxiliaryFigure, AuxiliaryLoss, AuxiliaryOutput, StepTarget};
use groundling_nn::{Scope, to_host};
use groundling_questions::QuestionVocabulary;
use tch::{Kind, Tensor};

use crate::OracleConfig;
use crate::standardizer::Standardizer;
use crate::targets::{reads, width};

/// What makes an agent an oracle: for `AgentBlueprint::auxiliary`. Its loss is logged as `loss/oracle`, nats a question, and
/// the share of right answers as `oracle/accuracy/<template>`, over all questions as `oracle/accuracy/all`; on training
/// rooms and before the update, so that it says how well the agent is taught and not what it knows.
#[derive(Debug, Clone)]
pub struct Oracle {
    config: OracleConfig,
    vocabulary: QuestionVocabulary,
}

impl Oracle {
    /// For questions of this vocabulary.
    pub fn new(config: OracleConfig, vocabulary: QuestionVocabulary) -> Self {
        Self { config, vocabulary }
    }
}

impl AuxiliaryBlueprint for Oracle {
    fn name(&self) -> &'static str {
        "oracle"
    }

    fn scale(&self) -> f64 {
        self.config.scale
    }

    fn build(&self, mut scope: Scope<'_>, core_size: i64) -> Box<dyn AuxiliaryLoss> {
        let standardizer = Standardizer::new(scope.sub("scale"), 2 * core_size);
        let (settings, vocabulary) = (self.config.decoders(), self.vocabulary.clone());
        let decoder = QuestionDecoder::new(&mut scope, DecoderName::Lstm, &settings, &vocabulary, core_size as usize);
        Box::new(OracleLoss { standardizer, decoder, vocabulary })
    }
}

struct OracleLoss {
    standardizer: Standardizer,
    decoder: QuestionDecoder,
    vocabulary: QuestionVocabulary,
}

/// The questions of a batch, side by side.
#[derive(Default)]
struct Asked {
    /// Of each row that is asked about, its number in `[(T + 1) * B]`.
    states: Vec<i64>,
    /// Of each question its row in `states`, its place among that row's, its template, its right answer, and its words.
    present: Vec<i64>,
    numbers: Vec<i64>,
    templates: Vec<i64>,
    answers: Vec<i64>,
    words: Vec<i64>,
}

impl OracleLoss {
    fn asked(&self, targets: &[StepTarget], num_rooms: i64) -> Asked {
        let mut asked = Asked::default();
        for (target, row) in targets.iter().zip(0..) {
            asked.states.push(target.t as i64 * num_rooms + target.room as i64);
            for (question, number) in target.values.chunks_exact(width(&self.vocabulary)).zip(0..) {
                asked.present.push(row);
                asked.numbers.push(number);
                asked.templates.push(question[0]);
                asked.answers.push(question[1]);
                asked.words.extend_from_slice(&question[2..]);
            }
        }
        asked
    }

    /// The beliefs that are asked about, with their graphs.
    fn beliefs(&self, states: &AgentStates<'_>, asked: &Asked) -> Beliefs {
        let device = states.hidden.device();
        let numbers = |values: &[i64]| Tensor::from_slice(values).to_device(device);
        let chosen = numbers(&asked.states);
        let part = |states: &Tensor| states.flatten(0, 1).index_select(0, &chosen);
        let num_rows = asked.states.len() as i64;
        let num_slots = asked.numbers.iter().max().map_or(1, |most| most + 1);
        let slots: Vec<i64> =
            asked.present.iter().zip(&asked.numbers).map(|(row, number)| row * num_slots + number).collect();
        Beliefs {
            rows: self.standardizer.forward(&Tensor::cat(&[part(states.hidden), part(states.cell)], 1)),
            present: numbers(&asked.present),
            histories: Tensor::arange(num_rows, (Kind::Int64, device)).unsqueeze(1),
            ages: Tensor::zeros([num_rows, 1], (Kind::Int64, device)),
            slots: numbers(&slots),
            num_slots,
        }
    }

    /// The share of right answers, for each template that was asked and over all.
    fn figures(&self, log_probabilities: &Tensor, asked: &Asked) -> Vec<AuxiliaryFigure> {
        let predicted = to_host(&log_probabilities.argmax(-1, false));
        let right = predicted.iter().zip(&asked.answers).map(|(&predicted, &answer)| predicted as i64 == answer);
        let mut counts = vec![(0u64, 0u64); self.vocabulary.templates().len()];
        for (right, &template) in right.zip(&asked.templates) {
            let count = &mut counts[template as usize];
            *count = (count.0 + u64::from(right), count.1 + 1);
        }
        let all = counts.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
        let names = self.vocabulary.templates().iter().map(String::as_str).chain(["all"]);
        let counted = names.zip(counts.into_iter().chain([all])).filter(|(_, (_, num_asked))| *num_asked > 0);
        let figure = |(name, (num_right, num_asked)): (&str, (u64, u64))| AuxiliaryFigure {
            name: format!("accuracy/{name}"),
            value: num_right as f64 / num_asked as f64,
            num_terms: num_asked,
        };
        counted.map(figure).collect()
    }
}

impl AuxiliaryLoss for OracleLoss {
    fn loss(&self, states: &AgentStates<'_>, targets: &[StepTarget]) -> Option<AuxiliaryOutput> {
        let asked = self.asked(targets, states.hidden.size()[1]);
        if asked.present.is_empty() {
            return None;
        }
        let numbers = |values: &[i64]| Tensor::from_slice(values).to_device(states.hidden.device());
        let words = numbers(&asked.words).view([asked.present.len() as i64, -1]);
        let log_probabilities = self.decoder.log_probabilities(&words, Some(&self.beliefs(states, &asked)));
        let loss = log_probabilities.nll_loss(&numbers(&asked.answers));
        let series = self.figures(&log_probabilities, &asked);
        Some(AuxiliaryOutput { loss, num_terms: asked.present.len() as u64, series })
    }

    fn reads(&self, values: &[i64]) -> bool {
        reads(values, &self.vocabulary)
    }
}
