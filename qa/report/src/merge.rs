//! Several probe files as one: such as the shared controls in one, and each run of a study in one of its own.

use crate::outcome::{Outcome, ProbeFile, ProbeProtocol, ProbedAgent};
use crate::outcome_error::ProbeFileError;
use crate::stored_columns::as_stored;

impl ProbeFile {
    /// The rows of all `files`, which must have the same protocol, templates and answers; only the seconds may differ, and
    /// are added up. A row that several have must be the same in all of them, and is taken once.
    ///
    /// Rows stand in the order of [`crate::ProbedKind`], then of variants as they first appear, then of seeds.
    pub fn merge(files: Vec<ProbeFile>) -> Result<ProbeFile, ProbeFileError> {
        let mut files = files.into_iter();
        let Some(mut merged) = files.next() else {
            return Err(ProbeFileError::CannotBeMerged { reason: "there is no probe file".into() });
        };
        for file in files {
            if let Some(part) = differing_part(&merged, &file) {
                let names = |file: &ProbeFile| file.agents.first().map_or_else(String::new, |agent| agent.name.clone());
                let (here, there) = (names(&merged), names(&file));
                let reason = format!("the probe files of {here:?} and of {there:?} differ in their {part}");
                return Err(ProbeFileError::CannotBeMerged { reason });
            }
            merged.protocol.seconds += file.protocol.seconds;
            for agent in file.agents {
                match merged.agents.iter().find(|known| known.name == agent.name) {
                    None => merged.agents.push(agent),
                    Some(known) if is_same(known, &agent) => {}
                    Some(_) => {
                        let reason = format!("two probe files have different answers of {:?}", agent.name);
                        return Err(ProbeFileError::CannotBeMerged { reason });
                    }
                }
            }
        }
        sort(&mut merged.agents);
        Ok(merged)
    }
}

/// What keeps two files from being one.
fn differing_part(first: &ProbeFile, second: &ProbeFile) -> Option<&'static str> {
    let timeless = |protocol: &ProbeProtocol| ProbeProtocol { seconds: 0.0, ..protocol.clone() };
    if first.protocol.config_hash != second.protocol.config_hash {
        Some("settings of rooms, questions or probe (their hashes are not the same)")
    } else if timeless(&first.protocol) != timeless(&second.protocol) {
        Some("protocols")
    } else if first.templates != second.templates {
        Some("question templates")
    } else if first.answers != second.answers {
        Some("vocabulary of answers")
    } else {
        None
    }
}

/// As they would be stored, which rounds probabilities.
fn is_same(first: &ProbedAgent, second: &ProbedAgent) -> bool {
    let same = |first: &[Outcome], second: &[Outcome]| first.iter().map(as_stored).eq(second.iter().map(as_stored));
    first.without_answers() == second.without_answers()
        && same(&first.outcomes, &second.outcomes)
        && same(&first.timeline, &second.timeline)
}

fn sort(agents: &mut [ProbedAgent]) {
    let mut variants: Vec<String> = Vec::new();
    for agent in agents.iter() {
        if !variants.contains(&agent.variant) {
            variants.push(agent.variant.clone());
        }
    }
    let place = |variant: &String| variants.iter().position(|known| known == variant);
    let key = |agent: &ProbedAgent| {
        (agent.kind, place(&agent.variant), agent.decoder.clone(), agent.seed, agent.name.clone())
    };
    agents.sort_by_cached_key(key);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::ProbedKind;

    fn agent(variant: &str, seed: u64, kind: ProbedKind) -> ProbedAgent {
        let outcomes = vec![Outcome { episode: 7, probability: 0.333_333, ..Outcome::default() }];
        ProbedAgent { variant: variant.into(), seed, outcomes, ..ProbedAgent::new(&format!("{variant}-{seed}"), kind) }
    }

    fn file(agents: Vec<ProbedAgent>) -> ProbeFile {
        let protocol = ProbeProtocol { config_hash: "5e1f".into(), seconds: 2.0, ..ProbeProtocol::default() };
        ProbeFile::new(vec![], vec!["red".into()], protocol, agents)
    }

    fn refused(files: Vec<ProbeFile>) -> String {
        let message = ProbeFile::merge(files).unwrap_err().to_string();
        assert!(!message.contains('\n'), "{message}");
        message
    }

    #[test]
    fn rows_are_united_and_sorted() {
        use ProbedKind::{Facts, Trained, Untrained};
        let mut stored = agent("untrained", 0, Untrained);
        stored.outcomes[0].probability = 0.3333;
        let merged = ProbeFile::merge(vec![
            file(vec![agent("facts", 0, Facts), agent("untrained", 0, Untrained)]),
            file(vec![agent("simcore", 2, Trained)]),
            file(vec![agent("lstm", 1, Trained)]),
            file(vec![stored, agent("simcore", 1, Trained)]),
        ]);
        let merged = merged.unwrap();
        let names: Vec<&str> = merged.agents.iter().map(|agent| agent.name.as_str()).collect();
        assert_eq!(names, ["untrained-0", "simcore-1", "simcore-2", "lstm-1", "facts-0"]);
        assert_eq!(merged.protocol.seconds, 8.0);
        // A file by itself is only put in order.
        assert_eq!(ProbeFile::merge(vec![merged.clone()]).unwrap(), merged);
    }

    #[test]
    fn files_that_do_not_belong_together_are_refused() {
        let one = || file(vec![agent("simcore", 1, ProbedKind::Trained)]);
        let mut other = one();
        other.agents[0].outcomes[0].predicted = 1;
        assert!(refused(vec![one(), other]).contains("different answers of \"simcore-1\""));
        let mut other = one();
        other.agents[0].frames_trained = 5;
        assert!(refused(vec![one(), other]).contains("different answers"));
        let mut other = one();
        other.protocol.config_hash = "0000".into();
        assert!(refused(vec![one(), other]).contains("their hashes are not the same"));
        let mut other = one();
        other.protocol.test_seed = 5;
        assert!(refused(vec![one(), other]).contains("differ in their protocols"));
        let mut other = one();
        other.answers.push("blue".into());
        assert!(refused(vec![one(), other]).contains("vocabulary"));
        assert!(refused(vec![]).contains("there is no probe file"));
    }
}
