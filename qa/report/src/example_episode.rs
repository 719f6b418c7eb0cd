//! Test episodes told one by one: where the agents went, what they were asked, what their probes answered.

/// One room, and what one or more agents knew of it at the end.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleEpisode {
    /// Such as `Test room 1`.
    pub title: String,
    /// The room from above at the end of the episode.
    pub map: EpisodeMap,
    /// Steps of the episode.
    pub num_steps: u32,
    /// What was asked at its end.
    pub questions: Vec<ExampleQuestion>,
}

/// A picture from above, and what is drawn upon it. Places are shares of its width and height, from its upper left.
#[derive(Debug, Clone, PartialEq)]
pub struct EpisodeMap {
    /// The bytes of a PNG file.
    pub png: Vec<u8>,
    /// Names of things, at their places.
    pub objects: Vec<MapLabel>,
    /// Where agents went; agents that went the same way share a path.
    pub paths: Vec<MapPath>,
}

/// A name on a map.
#[derive(Debug, Clone, PartialEq)]
pub struct MapLabel {
    /// The name, such as `red ball`.
    pub text: String,
    /// Its place.
    pub place: [f64; 2],
}

/// The way of one agent, or of several.
#[derive(Debug, Clone, PartialEq)]
pub struct MapPath {
    /// Names of the probed agents that went it.
    pub agents: Vec<String>,
    /// Its points, in order.
    pub points: Vec<[f64; 2]>,
    /// The field of view at the end: the places where its left and its right edge leave off, as far as a few metres.
    pub view: [[f64; 2]; 2],
}

/// One question, and what was answered to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleQuestion {
    /// Name of its template.
    pub template: String,
    /// The question.
    pub text: String,
    /// The right answer.
    pub truth: String,
    /// One entry an agent.
    pub answers: Vec<ExampleAnswer>,
}

/// What the probe of one agent answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleAnswer {
    /// Name of the probed agent.
    pub agent: String,
    /// Its most likely answer at the end.
    pub answer: String,
    /// Probability it gave to that, in [0, 1].
    pub confidence: f32,
    /// Probability it gave to the right answer after some of the steps, in order: (step, probability).
    pub course: Vec<(u32, f32)>,
}
