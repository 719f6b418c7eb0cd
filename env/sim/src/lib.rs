//! The living room: physics, body, tasks, rewards and recordings
