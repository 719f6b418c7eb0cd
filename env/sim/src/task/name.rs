//! The name of a task in a configuration.

use groundling_room::RoomSpec;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{TASKS, Task};

/// One of the tasks there are. Written and read as its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TaskName(usize);

impl TaskName {
    /// Every task; the first is the default.
    pub fn all() -> impl Iterator<Item = TaskName> {
        (0..TASKS.len()).map(TaskName)
    }

    /// The word in the configuration.
    pub fn name(self) -> &'static str {
        TASKS.get(self.0).map_or("", |row| row.name)
    }

    /// The task of this name.
    pub fn from_name(name: &str) -> Option<TaskName> {
        TaskName::all().find(|task| task.name() == name)
    }

    /// The task at the beginning of an episode in the room of `spec`.
    pub(crate) fn begin(self, spec: &RoomSpec) -> Box<dyn Task> {
        // The index is always that of a row: it comes from the table only.
        let row = TASKS.get(self.0).unwrap_or(&TASKS[0]);
        (row.begin)(spec)
    }
}

impl Serialize for TaskName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for TaskName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let choices: Vec<&str> = TaskName::all().map(TaskName::name).collect();
        let unknown = || D::Error::custom(format!("unknown task `{name}`, expected one of {}", choices.join(", ")));
        TaskName::from_name(&name).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_read_back() {
        for task in TaskName::all() {
            assert_eq!(TaskName::from_name(task.name()), Some(task));
            assert_eq!(serde_json::from_str::<TaskName>(&serde_json::to_string(&task).unwrap()).unwrap(), task);
        }
        assert_eq!(TaskName::default().name(), "explore");
        let error = serde_json::from_str::<TaskName>("\"sleep\"").unwrap_err().to_string();
        assert!(error.starts_with("unknown task `sleep`, expected one of explore, find"), "{error}");
    }
}
