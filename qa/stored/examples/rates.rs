//! How large a file of stored beliefs is, and how fast it is written and read: 6,000 episodes of 18 questions, beliefs of
//! twice 512 numbers. `cargo run --release -p groundling-stored --example rates [EPISODES]`

#![expect(clippy::print_stdout, reason = "an example shows its figures")]

use std::error::Error;
use std::time::Instant;

use groundling_belief::FrozenBelief;
use groundling_questions::{Evidence, Question, SplitPart};
use groundling_stored::{
    Asking, Existing, StoredBeliefs, StoredHeader, StoredTemplate, StoredVocabulary, StoredWriter,
};

const QUESTIONS: u32 = 18;
const SIZE: usize = 512;

fn main() -> Result<(), Box<dyn Error>> {
    let num_episodes: u64 = std::env::args().nth(1).map_or(Ok(6_000), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("beliefs.parquet");
    let words = |prefix: &str, num: usize| (0..num).map(|i| format!("{prefix}{i}")).collect::<Vec<_>>();
    let template =
        |name| StoredTemplate { name, wording: "What is it?".into(), chance: 0.1, answers: words("answer", 10) };
    let vocabulary = StoredVocabulary {
        templates: words("template", 9).into_iter().map(template).collect(),
        tokens: words("token", 80),
        answers: words("answer", 64),
        max_tokens: 12,
    };
    let header = StoredHeader { vocabulary: Some(vocabulary), ..StoredHeader::default() };

    let since = Instant::now();
    let mut random: u64 = 1;
    let mut draw = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    let mut writer = StoredWriter::create(&path, &header, Existing::Keep)?;
    for episode in 0..num_episodes {
        let split = SplitPart::ALL[(episode * 3 / num_episodes) as usize];
        // Outputs of an LSTM lie between -1 and 1, and their last bits are noise.
        let mut part = || (0..SIZE).map(|_| draw(1 << 24) as f32 / (1 << 23) as f32 - 1.0).collect::<Vec<f32>>();
        let belief = FrozenBelief::new(part(), part());
        let questions: Vec<Question> = (0..QUESTIONS)
            .map(|number| Question {
                template: (number % 9) as u16,
                text: "What is the color of the rubber duck near the sofa?".into(),
                tokens: (0..10).map(|_| draw(80) as u16).collect(),
                arguments: Vec::new(),
                answer: draw(64) as u16,
                evidence: Evidence {
                    objects: Vec::new(),
                    seen: draw(2) == 0,
                    in_view: false,
                    steps_since_seen: None,
                    most_pixels: draw(500) as u32,
                },
            })
            .collect();
        let asking = |(number, question)| Asking { number, question, headline: true, timeline: false };
        writer.write_step((split, episode, 900), &belief, (0..).zip(&questions).map(asking))?;
    }
    let written = writer.finish()?;
    let seconds = since.elapsed().as_secs_f64();
    let (rows, megabytes) = (written.rows, written.bytes as f64 / 1e6);
    println!("wrote {rows} rows, {megabytes:.1} MB, in {seconds:.2} s: {:.0} rows/s", rows as f64 / seconds);

    let since = Instant::now();
    let stored = StoredBeliefs::read(&path)?;
    let seconds = since.elapsed().as_secs_f64();
    let questions: usize = SplitPart::ALL.into_iter().map(|split| stored.num_questions(split)).sum();
    println!("read {questions} questions in {seconds:.2} s: {:.0} rows/s", rows as f64 / seconds);
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    memory.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("most memory: {line}"));
    Ok(())
}
