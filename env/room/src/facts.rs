//! What only the simulator knows: the truth that questions are asked about. Reaches no actor.

use glam::{Quat, Vec2};
use serde::{Deserialize, Serialize};

use crate::spec::{ObjectSpec, RoomSpec};
use crate::vocabulary::{Color, Shape, Size};

/// What an object rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// The floor.
    Floor,
    /// Another object, by its index in `WorldFacts::objects`.
    Object(u16),
    /// Nothing: it is held, or falls.
    Nothing,
}

/// One object, now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectFacts {
    /// What it is.
    pub shape: Shape,
    /// Colour of its characteristic part.
    pub color: Color,
    /// Small, medium or large.
    pub size: Size,
    /// Centre of its base, metres; standing, that is the centre of its footprint.
    pub position: [f32; 3],
    /// From its own frame to the room's: a unit quaternion, `[x, y, z, w]`.
    pub rotation: [f32; 4],
    /// Its middle, metres; standing, that is above its base by half its height.
    pub middle: [f32; 3],
    /// Radius of the disc about its middle around all of it, seen from above as it is turned now, metres.
    pub radius: f32,
    /// What it rests on.
    pub support: Support,
    /// In the agent's grasp.
    pub held: bool,
    /// Visited since the last refresh.
    pub visited: bool,
    /// Visits in this episode.
    pub visits: u32,
    /// Pixels of the agent's present picture that show it.
    pub pixels_now: u32,
    /// The most pixels that showed it in any step so far.
    pub most_pixels: u32,
    /// Step at which it was first seen, by at least one pixel.
    pub first_seen: Option<u32>,
    /// Step at which it was last seen.
    pub last_seen: Option<u32>,
}

impl ObjectFacts {
    /// An object as it was placed, unseen and unvisited.
    pub fn as_placed(spec: &ObjectSpec) -> Self {
        Self {
            shape: spec.shape,
            color: spec.color,
            size: spec.size,
            position: spec.position,
            rotation: Quat::from_rotation_y(spec.yaw).to_array(),
            middle: [spec.position[0], spec.position[1] + spec.height / 2.0, spec.position[2]],
            radius: spec.radius(),
            support: Support::Floor,
            held: false,
            visited: false,
            visits: 0,
            pixels_now: 0,
            most_pixels: 0,
            first_seen: None,
            last_seen: None,
        }
    }

    /// Metres between the discs around two objects, seen from above; negative where they overlap.
    pub fn gap(&self, other: &ObjectFacts) -> f32 {
        let on_floor = |facts: &ObjectFacts| {
            let [x, _, z] = facts.middle;
            Vec2::new(x, z)
        };
        on_floor(self).distance(on_floor(other)) - self.radius - other.radius
    }
}

/// The agent's body, now.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct AgentFacts {
    /// The point that its feet stand on, metres.
    pub position: [f32; 3],
    /// Radians about +y, within −π to π; 0 looks along −z, positive turns left.
    pub yaw: f32,
    /// Radians; positive looks up.
    pub pitch: f32,
}

/// The whole truth of one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorldFacts {
    /// Seed of the episode.
    pub episode_seed: u64,
    /// Steps since the reset.
    pub step: u32,
    /// Two objects are near each other when their gap is at most this, metres (`room.near_distance`).
    pub near_distance: f32,
    /// The agent's body.
    pub agent: AgentFacts,
    /// Every object, in the order of the room's spec (object ids less one).
    pub objects: Vec<ObjectFacts>,
}

impl WorldFacts {
    /// The room as it was placed, before anything moved or was seen; the agent's body is not in it.
    pub fn as_placed(spec: &RoomSpec, near_distance: f32) -> Self {
        Self {
            episode_seed: spec.seed,
            step: 0,
            near_distance,
            agent: AgentFacts::default(),
            objects: spec.objects.iter().map(ObjectFacts::as_placed).collect(),
        }
    }

    /// The objects near `object`, by index, nearest first; none where there is no such object.
    pub fn near(&self, object: usize) -> Vec<usize> {
        let Some(center) = self.objects.get(object) else { return Vec::new() };
        let others = self.objects.iter().enumerate().filter(|&(index, _)| index != object);
        let mut near: Vec<(usize, f32)> = others.map(|(index, other)| (index, center.gap(other))).collect();
        near.retain(|&(_, gap)| gap <= self.near_distance);
        near.sort_by(|a, b| a.1.total_cmp(&b.1));
        near.into_iter().map(|(index, _)| index).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RoomConfig;

    #[test]
    fn near_objects_are_those_whose_discs_are_close_nearest_first() {
        let spec = RoomSpec::sample(&RoomConfig { num_objects: [1, 1], ..RoomConfig::default() }, 1).unwrap();
        let at =
            |x: f32| ObjectFacts { middle: [x, 0.3, 1.0], radius: 0.25, ..ObjectFacts::as_placed(&spec.objects[0]) };
        let objects = vec![at(0.0), at(1.5), at(-1.4), at(1.6)];
        let facts = WorldFacts { episode_seed: 1, step: 0, near_distance: 1.0, agent: AgentFacts::default(), objects };
        assert_eq!(facts.near(0), [2, 1]);
        assert_eq!(facts.near(3), [1]);
        assert!(facts.near(4).is_empty());
        assert!((facts.objects[1].gap(&facts.objects[3]) + 0.4).abs() < 1e-6);
    }
}
