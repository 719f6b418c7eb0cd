//! From a wording with slots to a question's tokens and its sentence.

use crate::word::Word;

/// The tokens of a wording, lower case, without punctuation; slots keep their brackets.
pub(crate) fn tokens(wording: &str) -> impl Iterator<Item = String> {
    wording.split_whitespace().map(|word| word.trim_end_matches('?').to_lowercase())
}

pub(crate) fn is_slot(token: &str) -> bool {
    token.starts_with('<')
}

/// One word of a question.
pub(crate) struct Filled {
    /// As the probe reads it: "ball", also where a sentence has "balls".
    pub(crate) token: String,
    /// As it stands in the sentence.
    pub(crate) text: String,
}

/// The words of a question: the wording's, with arguments in its slots, and "an" before a vowel.
pub(crate) fn fill(wording: &str, arguments: &[Word]) -> Vec<Filled> {
    let mut arguments = arguments.iter();
    let mut filled: Vec<Filled> = Vec::new();
    for token in tokens(wording) {
        // A slot without an argument would be a template's own mistake; its tests would see the brackets.
        let argument = if is_slot(&token) { arguments.next() } else { None };
        let is_plural = token.ends_with("s>");
        let word = match argument {
            None => Filled { text: token.clone(), token },
            Some(word) if is_plural => Filled { text: plural(&word.text()), token: word.text() },
            Some(word) => Filled { text: word.text(), token: word.text() },
        };
        if let Some(article) = filled.last_mut().filter(|previous| previous.token == "a")
            && word.text.starts_with(['a', 'e', 'i', 'o', 'u'])
        {
            *article = Filled { token: "an".into(), text: "an".into() };
        }
        filled.push(word);
    }
    filled
}

/// A capital and a question mark.
pub(crate) fn sentence(words: &[Filled]) -> String {
    let line = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let mut letters = line.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}?", letters.as_str())
}

/// The plural of a shape's name, by English rule.
fn plural(name: &str) -> String {
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&["s", "x", "z", "ch", "sh"]) {
        return format!("{name}es");
    }
    match name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use groundling_room::Shape;

    use super::*;

    #[test]
    fn sentences_have_articles_and_plurals_and_tokens_have_names() {
        let shape = |name: &str| Word::Shape(Shape::from_name(name).unwrap());
        let asked = |wording, names: &[&str]| {
            let arguments: Vec<Word> = names.iter().map(|name| shape(name)).collect();
            let filled = fill(wording, &arguments);
            let tokens: Vec<String> = filled.iter().map(|word| word.token.clone()).collect();
            (sentence(&filled), tokens.join("|"))
        };
        let expected = |text: &str, tokens: &str| (text.to_string(), tokens.to_string());
        assert_eq!(
            asked("Is there a <shape>?", &["umbrella"]),
            expected("Is there an umbrella?", "is|there|an|umbrella")
        );
        assert_eq!(asked("Is there a <shape>?", &["book stack"]).1, "is|there|a|book stack");
        let counted = expected("Arches as cactuses?", "arch|as|cactus");
        assert_eq!(asked("<shapes> as <shapes>?", &["arch", "cactus"]), counted);
        assert_eq!([plural("toy"), plural("fly"), plural("ball")], ["toys", "flies", "balls"]);
    }
}
