//! A display of one's own, without a screen: Xvfb, with xdotool at its keyboard and mouse.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

const REMEDY: &str = "`apt-get install xvfb xdotool`";

/// A display; it is gone with this.
pub(crate) struct Display {
    server: Child,
    name: String,
    framebuffer: TempDir,
}

/// What is on the display.
pub(crate) struct Shot {
    columns: usize,
    rgb: Vec<u8>,
}

impl Display {
    pub(crate) fn start() -> Self {
        let framebuffer = tempfile::tempdir().unwrap();
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1000x700x24", "-nolisten", "tcp", "-fbdir"]);
        command.arg(framebuffer.path()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().unwrap_or_else(|error| panic!("Xvfb does not start ({error}): {REMEDY}"));
        // It tells its number when it is ready.
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "Xvfb found no display for itself");
        Self { server, name: format!(":{}", number.trim()), framebuffer }
    }

    /// Has a program use this display.
    pub(crate) fn show<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("DISPLAY", &self.name).env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET")
    }

    /// Runs xdotool; returns what it prints.
    pub(crate) fn xdotool(&self, args: &[&str]) -> String {
        let output = self.show(Command::new("xdotool").args(args)).output();
        let output = output.unwrap_or_else(|error| panic!("xdotool does not start ({error}): {REMEDY}"));
        assert!(output.status.success(), "xdotool {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Waits for a window of this name, and gives it the keys. Nothing else does: there is no window manager.
    pub(crate) fn focus(&self, name: &str) -> String {
        let window = self.xdotool(&["search", "--sync", "--onlyvisible", "--name", name]).trim().to_owned();
        self.xdotool(&["windowmove", &window, "0", "0", "windowfocus", "--sync", &window]);
        window
    }

    /// What is on the display, now.
    pub(crate) fn shot(&self) -> Shot {
        // X11's window dump: a header of big-endian numbers, a table of colours, rows of blue, green, red and nothing.
        let dump = fs::read(self.framebuffer.path().join("Xvfb_screen0")).unwrap();
        let number = |index: usize| u32::from_be_bytes(dump[4 * index..4 * index + 4].try_into().unwrap()) as usize;
        let (header, columns, rows) = (number(0), number(4), number(5));
        let (depth, per_row, num_colors) = (number(11), number(12), number(19));
        assert_eq!((depth, number(7)), (32, 0), "four bytes a pixel, lowest first");
        let pixels = &dump[header + 12 * num_colors..];
        let row = |row: usize| pixels[row * per_row..].chunks_exact(4).take(columns);
        let rgb = (0..rows).flat_map(row).flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect();
        Shot { columns, rgb }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Shot {
    /// The upper left part, row by row.
    pub(crate) fn part(&self, columns: usize, rows: usize) -> Vec<u8> {
        self.rgb.chunks_exact(3 * self.columns).take(rows).flat_map(|row| &row[..3 * columns]).copied().collect()
    }

    /// Colour of a pixel.
    pub(crate) fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        self.rgb[3 * (y * self.columns + x)..][..3].try_into().unwrap()
    }
}
