//! What Groundling writes it reads back, number for number, and in the order of episodes, steps and questions.

use std::path::Path;

use groundling_belief::FrozenBelief;
use groundling_questions::{Evidence, Question, SplitPart};
use groundling_stored::{
    Asking, Existing, StoredBeliefs, StoredEpisode, StoredError, StoredHeader, StoredQuestion, StoredTemplate,
    StoredVocabulary, StoredWriter, Written,
};

pub(crate) fn header() -> StoredHeader {
    let template = |name: &str, chance| StoredTemplate {
        name: name.into(),
        wording: format!("{name} <shape>?"),
        chance,
        answers: vec!["answer0".into(), "answer3".into()],
    };
    let words = |prefix: &str, num| (0..num).map(|number| format!("{prefix}{number}")).collect();
    StoredHeader {
        agent: Some("simcore-2".into()),
        variant: Some("simcore".into()),
        kind: Some("trained".into()),
        seed: Some(u64::MAX),
        frames_trained: 1_200_000,
        vocabulary: Some(StoredVocabulary {
            templates: vec![template("exist", 0.5), template("color", 0.1)],
            tokens: words("token", 20),
            answers: words("answer", 10),
            max_tokens: 8,
        }),
        num_dropped: 3,
        first_episodes: [0, 10, 20],
        config: Some("seed = 7\n".into()),
    }
}

/// Small numbers of no meaning, but always the same.
fn scramble(number: usize) -> usize {
    (number.wrapping_mul(2_654_435_761) >> 7) % 1_009
}

/// Episodes of all splits with `size` numbers in each part of a belief.
pub(crate) fn sample(size: usize, num_episodes: usize, num_questions: usize) -> StoredBeliefs {
    let number = |seed: usize| scramble(seed) as f32 / 97.0 - 5.0;
    let belief = |episode: usize, at: usize| {
        let part = |of: usize| (0..size).map(|place| number(place + 31 * episode + 7 * at + of)).collect();
        FrozenBelief::new(part(0), part(5_000))
    };
    let question = |episode: usize, number: usize, at: usize| {
        let of = scramble(100 * episode + number);
        let tokens: Vec<u16> = (0..1 + of % 8).map(|place| ((of + 3 * place) % 20) as u16).collect();
        Question {
            template: (of % 2) as u16,
            text: format!("Question {number} of {episode}?"),
            tokens,
            arguments: Vec::new(),
            answer: (of % 10) as u16,
            evidence: Evidence {
                objects: Vec::new(),
                seen: of.is_multiple_of(3),
                in_view: of.is_multiple_of(5),
                steps_since_seen: of.is_multiple_of(3).then_some((of + at) as u32),
                most_pixels: (of * 3) as u32,
            },
        }
    };
    let episodes = (0..num_episodes).map(|episode| {
        let split = SplitPart::ALL[episode * 3 / num_episodes];
        let beliefs = (0..3).map(|at| (10 * at as u32, belief(episode, at))).collect();
        // At the middle belief nothing is asked.
        let asked = [0, 2].into_iter().flat_map(|at| (0..num_questions).map(move |number| (at, number)));
        let questions = asked.map(|(at, number)| StoredQuestion {
            number: number as u32,
            at,
            headline: at == 2,
            timeline: (episode + number + at).is_multiple_of(2),
            question: question(episode, number, at),
        });
        StoredEpisode { split, episode: episode as u64, beliefs, questions: questions.collect() }
    });
    let header = header();
    let vocabulary = header.vocabulary.clone().unwrap();
    StoredBeliefs {
        vocabulary: vocabulary.numbered().unwrap(),
        templates: vocabulary.templates,
        header,
        belief_size: size,
        has_evidence: true,
        episodes: episodes.collect(),
    }
}

pub(crate) fn write(path: &Path, stored: &StoredBeliefs) -> Written {
    let mut writer = StoredWriter::create(path, &stored.header, Existing::Replace).unwrap();
    for episode in &stored.episodes {
        for (at, (step, belief)) in episode.beliefs.iter().enumerate() {
            let asked = episode.questions.iter().filter(|question| question.at == at);
            let questions = asked.map(|asked| Asking {
                number: asked.number,
                question: &asked.question,
                headline: asked.headline,
                timeline: asked.timeline,
            });
            writer.write_step((episode.split, episode.episode, *step), belief, questions).unwrap();
        }
    }
    writer.finish().unwrap()
}

#[test]
fn what_is_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("beliefs.parquet");
    let stored = sample(16, 30, 5);
    let written = write(&path, &stored);
    // Each episode has two steps with questions and one without.
    assert_eq!(written.rows, 30 * 11);
    assert_eq!(written.bytes, path.metadata().unwrap().len());
    assert_eq!(StoredBeliefs::read(&path).unwrap(), stored);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn several_row_groups_are_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("beliefs.parquet");
    // A row group holds 4 Mi numbers: three beliefs of 2 x 40,000 an episode.
    let stored = sample(40_000, 24, 2);
    write(&path, &stored);
    assert_eq!(StoredBeliefs::read(&path).unwrap(), stored);
}

#[test]
fn an_existing_file_is_kept_until_the_new_one_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("beliefs.parquet");
    std::fs::write(&path, "precious").unwrap();
    let refused = StoredWriter::create(&path, &header(), Existing::Keep).err().unwrap();
    assert!(matches!(refused, StoredError::AlreadyThere { .. }));
    assert!(refused.to_string().ends_with("overwrite it with --force"));
    let stored = sample(4, 6, 2);
    let mut writer = StoredWriter::create(&path, &stored.header, Existing::Replace).unwrap();
    writer.write_step((SplitPart::Train, 0, 0), &stored.episodes[0].beliefs[0].1, []).unwrap();
    drop(writer);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    write(&path, &stored);
    assert_eq!(StoredBeliefs::read(&path).unwrap(), stored);
}

#[test]
fn what_could_not_be_read_back_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("beliefs.parquet");
    let stored = sample(4, 6, 2);
    let belief = |value: f32, length| FrozenBelief::new(vec![value; length], vec![0.0; length]);
    let question = |answer| Question { answer, ..stored.episodes[0].questions[0].question.clone() };
    let told = |belief: FrozenBelief, question: Question| {
        let mut writer = StoredWriter::create(&path, &stored.header, Existing::Keep).unwrap();
        writer.write_step((SplitPart::Train, 0, 0), &stored.episodes[0].beliefs[0].1, []).unwrap();
        writer
            .write_step(
                (SplitPart::Test, 5, 9),
                &belief,
                [Asking { number: 0, question: &question, headline: true, timeline: false }],
            )
            .unwrap_err()
            .to_string()
    };
    assert!(
        told(belief(f32::NAN, 4), question(0)).contains("episode 5, step 9 cannot be stored: its belief holds a value")
    );
    assert!(told(belief(1.0, 3), question(0)).contains("its belief has 3 and 3 numbers, the first one has 4"));
    assert!(told(belief(1.0, 4), question(99)).contains("is not in the vocabulary"));
    assert!(!path.exists());
}
