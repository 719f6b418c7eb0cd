//! Files that pyarrow and pandas wrote (`tests/files/make.py`): other types for the same columns, other encodings.

use std::path::Path;

use groundling_belief::FrozenBelief;
use groundling_questions::SplitPart;
use groundling_stored::StoredBeliefs;

fn read(name: &str) -> StoredBeliefs {
    StoredBeliefs::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)).unwrap()
}

/// The belief of an episode in both files.
fn belief(episode: u64) -> FrozenBelief {
    let first = 4 * episode;
    FrozenBelief::new((first..first + 4).map(|value| value as f32 / 8.0).collect(), vec![0.0; 4])
}

fn check(stored: &StoredBeliefs, tokens: [&[&str]; 2]) {
    assert_eq!(stored.header, Default::default());
    assert_eq!(stored.belief_size, 4);
    assert_eq!(stored.vocabulary.templates(), ["color", "exist"]);
    assert_eq!(stored.vocabulary.answers(), ["blue", "no", "red", "yes"]);
    assert!(stored.templates.iter().all(|template| template.chance == 0.5));
    let order: Vec<(SplitPart, u64)> = stored.episodes.iter().map(|episode| (episode.split, episode.episode)).collect();
    let [train, validation, test] = SplitPart::ALL;
    assert_eq!(order, [(train, 0), (train, 3), (validation, 1), (validation, 4), (test, 2), (test, 5)]);
    for episode in &stored.episodes {
        let (step, last) = episode.beliefs.last().unwrap();
        assert_eq!((*step, last), (30, &belief(episode.episode)));
        assert_eq!(episode.questions.len(), 2);
        for (number, asked) in (0..).zip(&episode.questions) {
            let question = &asked.question;
            let words = question.tokens.iter().map(|token| stored.vocabulary.tokens()[usize::from(*token)].as_str());
            assert_eq!(words.collect::<Vec<_>>(), tokens[number as usize]);
            assert_eq!(asked.number, number);
            let answers = [["yes", "red"], ["no", "blue"]][episode.episode as usize % 2];
            assert_eq!(stored.vocabulary.answers()[usize::from(question.answer)], answers[number as usize]);
            assert_eq!(
                stored.vocabulary.templates()[usize::from(question.template)],
                ["exist", "color"][number as usize]
            );
        }
    }
}

#[test]
fn a_file_of_pyarrow() {
    let stored = read("pyarrow.parquet");
    check(&stored, [&["is", "there", "a", "rubber duck"], &["what", "color", "is", "the", "bed"]]);
    assert!(stored.has_evidence);
    for episode in &stored.episodes {
        assert_eq!(episode.beliefs.len(), 1);
        let evidence = |number: usize| &episode.questions[number].question.evidence;
        assert_eq!((evidence(0).seen, evidence(0).steps_since_seen), (true, Some(3)));
        assert_eq!((evidence(1).seen, evidence(1).steps_since_seen), (false, None));
    }
}

#[test]
fn a_file_of_pandas() {
    let stored = read("pandas.parquet");
    check(&stored, [&["is", "there", "a", "sofa"], &["what", "color", "is", "the", "bed"]]);
    assert!(!stored.has_evidence, "it does not say whether anything was seen");
    assert_eq!(stored.episodes[0].questions[0].question.text, "Is there a sofa?");
    // The row without a question is a belief on the way.
    let last = stored.episodes.last().unwrap();
    assert_eq!(last.beliefs.iter().map(|(step, _)| *step).collect::<Vec<_>>(), [20, 30]);
    assert_eq!(last.beliefs[0].1.hidden(), [1.0; 4]);
    assert!(last.questions.iter().all(|question| question.at == 1));
}
