//! Panels, text, and pictures written as PNG, GIF and MP4
