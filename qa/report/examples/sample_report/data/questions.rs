//! Made-up questions: what is asked in each episode, what the answer is, and when its evidence is in view.

use groundling_interface::derive;
use groundling_report::TemplateEntry;
use rand::Rng;

/// Steps of an episode.
pub(super) const EPISODE_STEPS: u32 = 120;
/// Questions of each template in an episode.
const DRAWS: u32 = 2;

/// One question and its evidence.
pub(super) struct AskedQuestion {
    pub(super) template: u16,
    pub(super) episode: u64,
    pub(super) question: u32,
    pub(super) answer: u16,
    /// What makes an episode easy or hard for everybody, in [−0.5, 0.5].
    pub(super) ease: f64,
    /// The luck of the question, the same for every agent, so that a better one knows what a worse one knows.
    pub(super) luck: f64,
    /// Stretches of steps with the evidence in view, in order, and the pixels that show it.
    views: Vec<(u32, u32, u32)>,
}

/// What an agent can have seen of a question's evidence until a step.
pub(super) struct SeenSoFar {
    pub(super) seen: bool,
    pub(super) in_view: bool,
    pub(super) steps_since_seen: Option<u32>,
    pub(super) most_pixels: u32,
}

impl AskedQuestion {
    pub(super) fn seen_until(&self, step: u32) -> SeenSoFar {
        let views: Vec<_> = self.views.iter().filter(|(from, ..)| *from <= step).collect();
        let steps_since_seen = views.iter().map(|(_, to, _)| step.saturating_sub(*to)).min();
        SeenSoFar {
            seen: !views.is_empty(),
            in_view: steps_since_seen == Some(0),
            steps_since_seen,
            most_pixels: views.iter().map(|view| view.2).max().unwrap_or(0),
        }
    }
}

/// Numbers in [0, 1), the same for the same name and index.
pub(super) fn uniforms(name: &str, indices: &[u64]) -> impl FnMut() -> f64 + use<> {
    let mut generator = derive(3, name, indices);
    move || f64::from(generator.next_u32()) / (f64::from(u32::MAX) + 1.0)
}

/// The questions of `num_episodes` episodes.
pub(super) fn questions(num_episodes: u64, templates: &[TemplateEntry]) -> Vec<AskedQuestion> {
    let mut questions = Vec::new();
    for episode in 0..num_episodes {
        let mut uniform = uniforms("sample/questions", &[episode]);
        let ease = uniform() - 0.5;
        for question in 0..templates.len() as u32 * DRAWS {
            let template = question as usize % templates.len();
            let answers = &templates[template].answers;
            let answer = answers[(uniform() * answers.len() as f64) as usize % answers.len()];
            let mut views = Vec::new();
            let mut step = (uniform() * 55.0) as u32;
            while step < EPISODE_STEPS {
                let length = 2 + (uniform() * 8.0) as u32;
                views.push((step, (step + length).min(EPISODE_STEPS), (4.0 * (6.0 * uniform()).exp()) as u32));
                step += length + 2 + (-42.0 * (1.0 - uniform()).ln()) as u32;
            }
            if uniform() < 0.06 {
                views.clear();
            }
            questions.push(AskedQuestion {
                template: template as u16,
                episode,
                question,
                answer,
                ease,
                luck: uniform(),
                views,
            });
        }
    }
    questions
}
