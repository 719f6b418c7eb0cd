//! A question set against its rooms: each room is made again from its seed, each question is read off it, and the whole
//! is what settings and seeds give.

use groundling_room::{RoomSpec, WorldFacts};

use super::{QuestionSet, QuestionSetError, SetQuestion};
use crate::maker::QuestionMaker;
use crate::question::{Evidence, Question};

/// The header's line, and that the first question has number 0.
const LINES_BEFORE: usize = 2;

impl QuestionSet {
    /// Checks every question. `maker` must be that of the source; each room is shown to `each_room`.
    pub fn check(&self, maker: &QuestionMaker, each_room: &mut dyn FnMut(&RoomSpec)) -> Result<(), QuestionSetError> {
        let mut rest = (LINES_BEFORE..).zip(&self.questions).peekable();
        for index in 0..self.source.num_rooms {
            let spec = self.source.room(index)?;
            let facts = self.source.facts(&spec);
            let mut expected = self.source.ask(maker, index, &facts).into_iter();
            while let Some((line, found)) = rest.next_if(|(_, question)| question.room == index) {
                let untrue = |what| QuestionSetError::Untrue { line, what };
                check_truth(found, maker, &facts).map_err(untrue)?;
                let due = expected.next();
                let wrong =
                    due.map_or_else(|| Some("its room has no further question".into()), |due| difference(found, &due));
                wrong.map_or(Ok(()), |what| Err(untrue(what)))?;
            }
            if let Some(missing) = expected.next() {
                let line = rest.peek().map_or(self.questions.len() + LINES_BEFORE, |(line, _)| *line);
                let what = format!("question {} of room {index} is missing: {}", missing.number, missing.question);
                return Err(QuestionSetError::Untrue { line, what });
            }
            each_room(&spec);
        }
        match rest.next() {
            Some((line, question)) => {
                let what = format!("it is of room {}, of which there are {}", question.room, self.source.num_rooms);
                Err(QuestionSetError::Untrue { line, what })
            }
            None => Ok(()),
        }
    }
}

/// Whether the room bears out the evidence and the answer.
fn check_truth(found: &SetQuestion, maker: &QuestionMaker, facts: &WorldFacts) -> Result<(), String> {
    if found.seed != facts.episode_seed {
        return Err(format!("its seed is {}, that of room {} is {}", found.seed, found.room, facts.episode_seed));
    }
    for told in &found.evidence {
        let Some(object) = facts.objects.get(usize::from(told.object)) else {
            return Err(format!("object {} is not in its room of {} objects", told.object, facts.objects.len()));
        };
        let (shape, color) = (object.shape.name(), object.color.name());
        if (shape, color) != (told.shape.as_str(), told.color.as_str()) {
            let (object, told) = (told.object, format!("{} {}", told.color, told.shape));
            return Err(format!("object {object} is told to be a {told}, in the room it is a {color} {shape}"));
        }
    }
    let vocabulary = maker.vocabulary();
    let Some(template) = vocabulary.templates().iter().position(|name| *name == found.template) else {
        return Err(format!("there is no template `{}`", found.template));
    };
    let Some(answer) = vocabulary.answer(&found.answer) else {
        return Err(format!("there is no answer `{}`", found.answer));
    };
    let question = Question {
        template: template as u16,
        text: found.question.clone(),
        tokens: Vec::new(),
        arguments: found.arguments.clone(),
        answer,
        evidence: Evidence::new(&crate::template::Support::AllOf(Vec::new()), facts),
    };
    match maker.again(&question, facts) {
        Some(_) => Ok(()),
        None => Err(format!("\"{}\" has not the one right answer \"{}\" in its room", found.question, found.answer)),
    }
}

/// What of a question is not as settings and seeds give it.
fn difference(found: &SetQuestion, due: &SetQuestion) -> Option<String> {
    if found == due {
        return None;
    }
    let differing = |(name, found, due): (&str, String, String)| {
        (found != due).then(|| format!("its {name} is \"{found}\", settings and seeds give \"{due}\""))
    };
    let objects =
        |question: &SetQuestion| question.evidence.iter().map(|told| told.object.to_string()).collect::<Vec<_>>();
    let parts = [
        ("number", found.number.to_string(), due.number.to_string()),
        ("question", found.question.clone(), due.question.clone()),
        ("answer", found.answer.clone(), due.answer.clone()),
        ("template", found.template.clone(), due.template.clone()),
        ("list of tokens", found.tokens.join(", "), due.tokens.join(", ")),
        ("list of arguments", found.arguments.join(", "), due.arguments.join(", ")),
        ("evidence", objects(found).join(", "), objects(due).join(", ")),
    ];
    parts.into_iter().find_map(differing)
}
