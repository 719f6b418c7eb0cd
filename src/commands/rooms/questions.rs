//! What can be asked about the room that is shown.

use std::collections::BTreeMap;
use std::str::FromStr;

use anyhow::Result;
use groundling_questions::{Question, QuestionMaker, registry};
use groundling_room::WorldFacts;
use serde_json::{Value, json};

use crate::config::Config;
use crate::examples::question_maker;
use crate::say;

/// How many questions of each template are shown, beside those that are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Every one there is: thousands in a large room.
    All,
    /// At most so many.
    UpTo(usize),
}

impl FromStr for Shown {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            number => number.parse().map(Self::UpTo).map_err(|_| "a number, or \"all\", is wanted".into()),
        }
    }
}

/// A question about the room, and whether it is asked there.
struct Listed {
    question: Question,
    answer: String,
    is_asked: bool,
}

/// One template's questions about the room.
struct OfTemplate {
    name: String,
    num_questions: usize,
    listed: Vec<Listed>,
}

/// The questions about one room.
pub(super) struct RoomQuestions(Vec<OfTemplate>);

impl RoomQuestions {
    /// Those of the room as placed: the asked ones are those that an evaluation would ask.
    pub(super) fn new(config: &Config, facts: &WorldFacts, shown: Shown) -> Result<Self> {
        let maker: QuestionMaker = question_maker(config)?;
        let vocabulary = maker.vocabulary();
        let asked: Vec<String> =
            maker.ask(facts, config.questions.last_step_draws).into_iter().map(|question| question.text).collect();
        let mut by_template: BTreeMap<u16, Vec<Listed>> = BTreeMap::new();
        for question in maker.all_questions(facts) {
            let answer = vocabulary.answers().get(usize::from(question.answer)).cloned().unwrap_or_default();
            let is_asked = asked.contains(&question.text);
            by_template.entry(question.template).or_default().push(Listed { question, answer, is_asked });
        }
        let of_template = |(index, name): (u16, &String)| {
            let listed = by_template.remove(&index).unwrap_or_default();
            OfTemplate { name: name.clone(), num_questions: listed.len(), listed: shorten(listed, shown) }
        };
        Ok(Self((0..).zip(vocabulary.templates()).map(of_template).collect()))
    }

    pub(super) fn print(&self) {
        let total: usize = self.0.iter().map(|template| template.num_questions).sum();
        let listed: usize = self.0.iter().map(|template| template.listed.len()).sum();
        let which =
            if listed < total { format!("; {listed} of them (--questions all shows all)") } else { String::new() };
        say!("\n{total} questions can be asked{which}; * those that an evaluation asks here:");
        for OfTemplate { name, num_questions, listed } in &self.0 {
            say!("  {name} ({num_questions})");
            for Listed { question, answer, is_asked } in listed {
                say!("  {} {:<62} {answer}", if *is_asked { '*' } else { ' ' }, question.text);
            }
        }
    }

    /// How many questions each template has here, and those that are listed.
    pub(super) fn as_json(&self) -> (Value, Value) {
        let numbers: BTreeMap<&str, usize> =
            self.0.iter().map(|template| (template.name.as_str(), template.num_questions)).collect();
        let of_template = |template: &OfTemplate| -> Vec<Value> {
            let as_json = |listed: &Listed| {
                json!({
                    "template": template.name,
                    "question": listed.question.text,
                    "arguments": listed.question.arguments,
                    "answer": listed.answer,
                    "objects": listed.question.evidence.objects,
                    "asked": listed.is_asked,
                })
            };
            template.listed.iter().map(as_json).collect()
        };
        (json!(numbers), self.0.iter().flat_map(of_template).collect())
    }
}

/// The asked ones and some of the others, taken evenly, in their order.
fn shorten(listed: Vec<Listed>, shown: Shown) -> Vec<Listed> {
    let Shown::UpTo(most) = shown else { return listed };
    let num_others = listed.iter().filter(|listed| !listed.is_asked).count();
    let mut other = 0;
    let mut is_kept = |listed: &Listed| {
        if listed.is_asked {
            return true;
        }
        other += 1;
        // One of each of `most` stretches of equal length.
        other * most / num_others > (other - 1) * most / num_others || num_others <= most
    };
    listed.into_iter().filter(|listed| is_kept(listed)).collect()
}

/// Every template, with its wording and its example.
pub(super) fn print_templates() {
    say!("\n{} kinds of questions:", registry().len());
    for template in registry() {
        let example = template.example();
        say!("  {:<16} {}", template.name(), template.wording());
        let objects = example.objects.iter().map(|(object, [x, z])| format!("{object} ({x:+.1}, {z:+.1})"));
        say!("  {:<16} {}", "", objects.collect::<Vec<_>>().join(", "));
        say!("  {:<16} {} {}", "", example.question, example.answer);
    }
}

/// The same as JSON.
pub(super) fn templates_as_json() -> Value {
    let template = |template: &&dyn groundling_questions::Template| {
        let example = template.example();
        let object = |(name, place): &(&str, [f32; 2])| json!({"object": name, "x": place[0], "z": place[1]});
        json!({
            "name": template.name(),
            "wording": template.wording(),
            "example": {
                "objects": example.objects.iter().map(object).collect::<Vec<_>>(),
                "question": example.question,
                "answer": example.answer,
            },
        })
    };
    registry().iter().map(template).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_questions_are_taken_evenly_and_all_asked_ones() {
        let listed = |index: usize| {
            let question = Question {
                template: 0,
                text: index.to_string(),
                tokens: Vec::new(),
                arguments: Vec::new(),
                answer: 0,
                evidence: groundling_questions::Evidence {
                    objects: Vec::new(),
                    seen: false,
                    in_view: false,
                    steps_since_seen: None,
                    most_pixels: 0,
                },
            };
            Listed { question, answer: String::new(), is_asked: index == 3 }
        };
        let kept = |shown, num| -> Vec<String> {
            shorten((0..num).map(listed).collect(), shown).into_iter().map(|listed| listed.question.text).collect()
        };
        assert_eq!(kept(Shown::All, 5).len(), 5);
        assert_eq!(kept(Shown::UpTo(0), 9), ["3"]);
        assert_eq!(kept(Shown::UpTo(2), 9), ["3", "4", "8"]);
        assert_eq!(kept(Shown::UpTo(9), 6).len(), 6);
        assert_eq!("all".parse(), Ok(Shown::All));
        assert_eq!("7".parse(), Ok(Shown::UpTo(7)));
        assert!("-1".parse::<Shown>().is_err());
    }
}
