//! The one decoder whose rows are the headline. What others read of the same beliefs is compared in a table of its own.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::outcome::ProbeFile;

/// The decoder that most of these rows have, the first of equals; `None` where no row has one.
pub(crate) fn main_decoder<'a>(decoders: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let mut decoders = decoders.filter(|decoder| !decoder.is_empty());
    let mut nums: BTreeMap<&str, usize> = BTreeMap::new();
    decoders.clone().for_each(|decoder| *nums.entry(decoder).or_default() += 1);
    let most = nums.values().copied().max()?;
    decoders.find(|decoder| nums.get(decoder) == Some(&most))
}

/// The answers of that decoder, and those that needed none.
pub(crate) fn of_main_decoder(probed: &ProbeFile) -> Cow<'_, ProbeFile> {
    let main = main_decoder(probed.agents.iter().map(|agent| agent.decoder.as_str())).unwrap_or_default();
    if probed.agents.iter().all(|agent| agent.decoder.is_empty() || agent.decoder == main) {
        return Cow::Borrowed(probed);
    }
    let agents = probed.agents.iter().filter(|agent| agent.decoder.is_empty() || agent.decoder == main);
    let agents = agents.cloned().collect();
    Cow::Owned(ProbeFile::new(probed.templates.clone(), probed.answers.clone(), probed.protocol.clone(), agents))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_rows_decide() {
        assert_eq!(main_decoder(["", "mlp", "lstm", "lstm", "", ""].into_iter()), Some("lstm"));
        assert_eq!(main_decoder(["mlp", "lstm"].into_iter()), Some("mlp"));
        assert_eq!(main_decoder([""].into_iter()), None);
    }
}
