//! Each way in which an evaluation can leak.

/// A leak, with the place where it was found. Rooms are counted from 0, lines of a question set's file from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Leak {
    /// Two rooms of one seed.
    #[error("room {room} of {part} and room {other_room} of {other} have the same seed {seed}")]
    SameSeed {
        /// Where it was found.
        part: String,
        /// Its number there.
        room: usize,
        /// Where it was found before.
        other: String,
        /// Its number there.
        other_room: usize,
        /// The seed.
        seed: u64,
    },
    /// Two seeds with one and the same room.
    #[error("room {room} of {part} and room {other_room} of {other} are the same but for their seeds")]
    SameRoom {
        /// Where it was found.
        part: String,
        /// Its number there.
        room: usize,
        /// Where it was found before.
        other: String,
        /// Its number there.
        other_room: usize,
    },
    /// A room that the agent was trained in.
    #[error("room {room} of {part} has the seed {seed} of episode {episode} in place {place} of the agent's training")]
    TrainedEpisode {
        /// The seed.
        seed: u64,
        /// Where it was found.
        part: String,
        /// Its number there.
        room: usize,
        /// The place in which the agent met it.
        place: usize,
        /// The number of the episode in that place.
        episode: u64,
    },
    /// Parts that do not agree on what is held out.
    #[error("{part} and {other} hold out different pairs; their settings of held-out pairs, shapes or colours differ")]
    OtherPairs {
        /// One part.
        part: String,
        /// Another one.
        other: String,
    },
    /// An object that must not be there.
    #[error("room {room} of {part} (seed {seed}) has an object of the held-out pair {pair}")]
    PairInRoom {
        /// Where it was found.
        part: String,
        /// Its number there.
        room: usize,
        /// Seed of the room.
        seed: u64,
        /// Colour and shape.
        pair: String,
    },
    /// A room of a compositional test that tests nothing.
    #[error("room {room} of {part} (seed {seed}) has no object of a held-out pair, of which it is a test")]
    NoPairInRoom {
        /// Where it was found.
        part: String,
        /// Its number there.
        room: usize,
        /// Seed of the room.
        seed: u64,
    },
    /// A question that must not be asked.
    #[error("line {line} of {part} involves the held-out pair {pair}: \"{question}\"")]
    PairInQuestion {
        /// Where it was found.
        part: String,
        /// The line of its file.
        line: usize,
        /// The question.
        question: String,
        /// Colour and shape.
        pair: String,
    },
    /// A question of a compositional test that tests nothing.
    #[error("line {line} of {part} involves no held-out pair, of which it is a test: \"{question}\"")]
    NoPairInQuestion {
        /// Where it was found.
        part: String,
        /// The line of its file.
        line: usize,
        /// The question.
        question: String,
    },
    /// Half a pair that nobody could have learnt.
    #[error("`{word}` of a held-out pair stands in no room of {part}; take more rooms, or hold out fewer pairs")]
    NeverTrained {
        /// The part that is trained on.
        part: String,
        /// A shape or a colour.
        word: String,
    },
}
