//! Keys, as far as they mean something here.

use winit::event::KeyEvent;
use winit::keyboard::{Key as Logical, KeyCode, NamedKey, PhysicalKey};

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A letter (as a small one), digit or sign.
    Sign(char),
    /// The space bar.
    Space,
    /// Arrow.
    Left,
    /// Arrow.
    Right,
    /// Arrow.
    Up,
    /// Arrow.
    Down,
    /// To the beginning.
    Home,
    /// To the end.
    End,
    /// Tabulator.
    Tab,
    /// Escape.
    Escape,
}

/// A key that was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Press {
    /// Which.
    pub key: Key,
    /// Whether shift was held.
    pub shift: bool,
    /// Whether it was pressed before and is still held.
    pub repeated: bool,
}

impl Key {
    /// The key of an event; none for one that means nothing here.
    pub(crate) fn of(event: &KeyEvent) -> Option<Self> {
        match &event.logical_key {
            Logical::Named(named) => match named {
                NamedKey::Space => Some(Self::Space),
                NamedKey::ArrowLeft => Some(Self::Left),
                NamedKey::ArrowRight => Some(Self::Right),
                NamedKey::ArrowUp => Some(Self::Up),
                NamedKey::ArrowDown => Some(Self::Down),
                NamedKey::Home => Some(Self::Home),
                NamedKey::End => Some(Self::End),
                NamedKey::Tab => Some(Self::Tab),
                NamedKey::Escape => Some(Self::Escape),
                _ => None,
            },
            Logical::Character(text) => match text.chars().next() {
                Some(sign) if sign.is_ascii() => Some(Self::Sign(sign.to_ascii_lowercase())),
                // Another script's letters: those that are printed beside them on the key.
                _ => letter(event.physical_key).map(Self::Sign),
            },
            _ => None,
        }
    }
}

/// The letter of a key where Latin is written.
fn letter(key: PhysicalKey) -> Option<char> {
    let PhysicalKey::Code(code) = key else { return None };
    let known = [
        (KeyCode::KeyA, 'a'),
        (KeyCode::KeyD, 'd'),
        (KeyCode::KeyE, 'e'),
        (KeyCode::KeyF, 'f'),
        (KeyCode::KeyH, 'h'),
        (KeyCode::KeyL, 'l'),
        (KeyCode::KeyN, 'n'),
        (KeyCode::KeyP, 'p'),
        (KeyCode::KeyQ, 'q'),
        (KeyCode::KeyS, 's'),
        (KeyCode::KeyW, 'w'),
        (KeyCode::Comma, ','),
        (KeyCode::Period, '.'),
    ];
    known.into_iter().find(|&(known, _)| known == code).map(|(_, letter)| letter)
}
