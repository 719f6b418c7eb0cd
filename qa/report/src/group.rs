//! The rows of every table and chart: agents that differ in nothing but their seed are one row.

use crate::outcome::{Outcome, ProbeFile, ProbedAgent, ProbedKind};

/// The seeds of one variant.
pub(crate) struct AgentGroup<'a> {
    /// Name of the row: of the agent where there is one seed, of the variant where there are several.
    pub(crate) name: String,
    /// Agent or which control.
    pub(crate) kind: ProbedKind,
    /// In the order of the file; never empty.
    pub(crate) seeds: Vec<&'a ProbedAgent>,
}

/// Which answers a figure is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answers {
    /// Those at the last step of each episode.
    AtTheEnd,
    /// Those at several steps of an episode.
    OnTheWay,
}

impl Answers {
    /// Those of one agent.
    pub(crate) fn of(self, agent: &ProbedAgent) -> &[Outcome] {
        match self {
            Self::AtTheEnd => &agent.outcomes,
            Self::OnTheWay => &agent.timeline,
        }
    }
}

impl<'a> AgentGroup<'a> {
    /// The rows of a file, in the order in which their first seeds stand in it.
    pub(crate) fn all(probed: &'a ProbeFile) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for agent in &probed.agents {
            let is_its_row = |group: &&mut Self| group.seeds.iter().any(|seed| is_same_variant(seed, agent));
            match groups.iter_mut().find(is_its_row) {
                Some(group) => group.seeds.push(agent),
                None => groups.push(Self { name: String::new(), kind: agent.kind, seeds: vec![agent] }),
            }
        }
        let names: Vec<String> = groups.iter().map(Self::own_name).collect();
        let of_first = |text: fn(&'a ProbedAgent) -> &'a String| -> Vec<&'a str> {
            groups.iter().map(|group| group.first().map_or("", |agent| text(agent))).collect()
        };
        let (decoders, firsts) = (of_first(|agent| &agent.decoder), of_first(|agent| &agent.name));
        for (index, group) in groups.iter_mut().enumerate() {
            let sharing: Vec<usize> = (0..names.len()).filter(|&other| names[other] == names[index]).collect();
            let (name, decoder, first) = (&names[index], decoders[index], firsts[index]);
            let num_alike = sharing.iter().filter(|&&other| decoders[other] == decoder).count();
            group.name = match (sharing.len(), num_alike) {
                (1, _) => name.clone(),
                // What tells them apart is who reads.
                (_, 1) if !decoder.is_empty() => format!("{name} ({decoder})"),
                // The first seed's name is no other agent's.
                _ => format!("{name} ({first}\u{2026})"),
            };
        }
        groups
    }

    /// What each seed answered at the end of its episodes.
    pub(crate) fn outcomes(&self) -> Vec<&'a [Outcome]> {
        self.answers(Answers::AtTheEnd)
    }

    /// What each seed answered.
    pub(crate) fn answers(&self, answers: Answers) -> Vec<&'a [Outcome]> {
        self.seeds.iter().map(|agent| answers.of(agent)).collect()
    }

    /// The first seed.
    pub(crate) fn first(&self) -> Option<&'a ProbedAgent> {
        self.seeds.first().copied()
    }

    /// Which decoder answered; empty where none did.
    pub(crate) fn decoder(&self) -> &'a str {
        self.first().map_or("", |agent| agent.decoder.as_str())
    }

    fn own_name(&self) -> String {
        match &self.seeds[..] {
            [only] => only.name.clone(),
            _ => self.first().map(|agent| agent.variant.clone()).unwrap_or_default(),
        }
    }
}

fn is_same_variant(first: &ProbedAgent, second: &ProbedAgent) -> bool {
    let key = |agent: &'_ ProbedAgent| (agent.kind, agent.variant.clone(), agent.decoder.clone());
    key(first) == key(second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::ProbeProtocol;

    #[test]
    fn seeds_of_a_variant_are_one_row() {
        let agent = |name: &str, variant: &str, seed, decoder: &str, kind| ProbedAgent {
            variant: variant.into(),
            seed,
            decoder: decoder.into(),
            ..ProbedAgent::new(name, kind)
        };
        let agents = vec![
            agent("untrained", "untrained", 0, "lstm", ProbedKind::Untrained),
            agent("simcore-1", "simcore", 1, "lstm", ProbedKind::Trained),
            agent("lstm-1", "lstm", 1, "lstm", ProbedKind::Trained),
            agent("simcore-2", "simcore", 2, "lstm", ProbedKind::Trained),
            agent("simcore-1a", "simcore", 1, "attention", ProbedKind::Trained),
            agent("simcore-2a", "simcore", 2, "attention", ProbedKind::Trained),
        ];
        let probed = ProbeFile::new(vec![], vec![], ProbeProtocol::default(), agents);
        let groups = AgentGroup::all(&probed);
        let rows: Vec<_> = groups.iter().map(|group| (group.name.as_str(), group.seeds.len())).collect();
        let expected = [("untrained", 1), ("simcore (lstm)", 2), ("lstm-1", 1), ("simcore (attention)", 2)];
        assert_eq!(rows, expected);
    }
}
