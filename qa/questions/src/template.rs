//! What a kind of question is.

use crate::domain::Domain;
use crate::room_view::RoomView;
use crate::word::Word;

/// The objects on which an answer rests, as indices into the facts' objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Support {
    /// Whoever has seen one of them can know the answer.
    AnyOf(Vec<usize>),
    /// Only who has seen every one of them can know the answer.
    AllOf(Vec<usize>),
    /// Only who has seen all that the room holds can know the answer: a count, or that something is absent.
    Everything,
}

impl Support {
    /// The objects' indices in a room of so many.
    pub(crate) fn indices(&self, num_objects: usize) -> Vec<usize> {
        match self {
            Self::AnyOf(indices) | Self::AllOf(indices) => indices.clone(),
            Self::Everything => (0..num_objects).collect(),
        }
    }
}

/// A question that has one right answer in a given room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// One word a slot of the wording, in order.
    pub arguments: Vec<Word>,
    /// The right answer.
    pub answer: Word,
    /// What it rests on.
    pub support: Support,
    /// Whether the whole of the question is needed here: a red ball near the bed *and another ball elsewhere*. Where a
    /// room has such candidates for an answer, none of the others is asked for it. `true` for templates whose
    /// questions are always of that kind.
    pub is_telling: bool,
}

/// A small room in words, and what is asked there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Example {
    /// Colour and shape of each object, and where it stands: metres along x and z. For `near`, each is a disc of
    /// radius 0.25 m, and gaps up to 1 m are near.
    pub objects: &'static [(&'static str, [f32; 2])],
    /// A question that can be asked there.
    pub question: &'static str,
    /// The right answer.
    pub answer: &'static str,
}

/// A kind of question: its words, its truth, its example. A new one is a file that implements this, and a line in the
/// registry; vocabulary, balance, evidence and tables follow from here.
///
/// The balance needs no word from the template. Whatever the candidates are, the questions asked are made such that
/// every answer is equally likely, and equally likely given each word and each wording, as far as rooms allow; and the
/// tests hold every template of the registry to that. What a template can say is which candidates are telling.
///
/// ```
/// use groundling_questions::{Candidate, Domain, Example, Nearness, RoomView, Support, Template, Word};
/// use groundling_room::{RoomConfig, RoomSpec, WorldFacts};
///
/// /// "Is the teapot near the bed?", where there is one of each, and the gap is not about the near distance.
/// struct IsNear;
///
/// impl Template for IsNear {
///     fn name(&self) -> &'static str {
///         "is_near"
///     }
///
///     fn wording(&self) -> &'static str {
///         "Is the <shape> near the <shape>?"
///     }
///
///     fn example(&self) -> Example {
///         let objects = &[("red teapot", [0.0, 0.0]), ("blue bed", [1.0, 0.0])];
///         Example { objects, question: "Is the teapot near the bed?", answer: "yes" }
///     }
///
///     fn answers(&self, _domain: &Domain) -> Vec<Word> {
///         vec![Word::Yes, Word::No]
///     }
///
///     fn candidates(&self, room: &RoomView<'_>) -> Vec<Candidate> {
///         let unique = || room.unique(|object, other| object.shape == other.shape);
///         let pairs = unique().flat_map(|one| unique().map(move |other| (one, other)));
///         let candidate = |((one, object), (other, landmark))| {
///             let answer = match room.nearness(object, landmark) {
///                 _ if one == other => return None,
///                 Nearness::Near => Word::Yes,
///                 Nearness::Far => Word::No,
///                 Nearness::Unclear => return None,
///             };
///             let arguments = vec![Word::Shape(object.shape), Word::Shape(landmark.shape)];
///             Some(Candidate { arguments, answer, support: Support::AllOf(vec![one, other]), is_telling: true })
///         };
///         pairs.filter_map(candidate).collect()
///     }
/// }
///
/// let config = RoomConfig { num_objects: [6, 6], ..RoomConfig::default() };
/// let spec = RoomSpec::sample(&config, 7).unwrap();
/// let facts = WorldFacts::as_placed(&spec, config.near_distance);
/// let candidates = IsNear.candidates(&RoomView::new(&facts, &Domain::from(&config), 0.15));
/// assert!(candidates.iter().any(|candidate| candidate.answer == Word::No));
/// ```
pub trait Template: Sync {
    /// Short name, such as `count_color`; unique in the registry.
    fn name(&self) -> &'static str;

    /// How it is asked. A slot is a name in angle brackets: `What is the color of the <shape>?` A slot whose name ends
    /// in "s" is read as a plural: `How many <shapes> are there?`
    fn wording(&self) -> &'static str;

    /// A small room, and a question of this kind about it.
    fn example(&self) -> Example;

    /// Every answer it can have in any room of the domain.
    fn answers(&self, domain: &Domain) -> Vec<Word>;

    /// Every question of this kind that has one right answer in the room, each once, in an order that depends on
    /// nothing but the room.
    fn candidates(&self, room: &RoomView<'_>) -> Vec<Candidate>;
}
