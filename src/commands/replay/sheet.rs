//! All episodes of a folder as films, and a page that shows them.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use groundling_film::{Canvas, Picture, Rect};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::ReplayArgs;
use super::checking::episodes_of;
use super::film::{Drawn, Studio};
use crate::commands::train::stop_on_signal;
use crate::failure::{in_one_line, is_interruption, wrong_input};
use crate::output::{film_exists_already, make_folder};
use crate::say;

const PAGE: &str = "index.html";
const STYLE: &str = "body{font:15px/1.4 system-ui,sans-serif;background:#14161c;color:#eef;margin:24px}\
    main{display:grid;grid-template-columns:repeat(auto-fill,minmax(420px,1fr));gap:20px}\
    figure{margin:0;background:#1e212a;padding:10px;border-radius:6px;overflow-wrap:anywhere}\
    video,img{width:100%;display:block}a{color:#9cf}\
    figcaption{margin-top:8px}.wrong{color:#ff9b90}p{margin:4px 0}";
/// Columns of the picture that stands for a film until it plays.
const POSTER: usize = 480;

/// What each film of a folder is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum SheetFormat {
    /// H.264.
    Mp4,
    /// Animated, 256 colours.
    Gif,
    /// Animated, lossless.
    Webp,
    /// A folder of pictures for each film.
    Png,
}

impl SheetFormat {
    fn extension(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Png => "png",
        }
    }
}

/// Draws every episode of `folder` into `out`. One that cannot be drawn does not keep the others from it.
pub(super) fn draw_all(args: &ReplayArgs, folder: &Path, out: &Path) -> Result<()> {
    let episodes = episodes_of(folder)?;
    let page = out.join(PAGE);
    if !args.overwrite && page.symlink_metadata().is_ok() {
        return Err(film_exists_already(&page));
    }
    make_folder(out)?;
    let stop = stop_on_signal()?;
    let mut studio = Studio::new(args, &stop);
    let mut cells = Vec::new();
    let mut failed = 0;
    for (index, episode) in episodes.iter().enumerate() {
        say!("{} of {}", index + 1, episodes.len());
        let name = episode.file_stem().unwrap_or_default();
        let film = out.join(film_name(name, args.format));
        let name = name.to_string_lossy();
        match studio.draw(episode, &film) {
            Ok(drawn) => cells.push(film_cell(&name, &drawn, args.format)?),
            Err(error) if is_interruption(&error) => return Err(error),
            Err(error) => {
                failed += 1;
                let told = in_one_line(&error);
                say!("{told}");
                cells.push(html! { figure { b { (name) } p.wrong { "not drawn: " (told) } } });
            }
        }
    }
    write_page(&page, &page_of(&format!("Episodes of {}", folder.display()), &cells))?;
    say!("{}  {} films", page.display(), episodes.len() - failed);
    match failed {
        0 => Ok(()),
        _ if failed == episodes.len() => Err(wrong_input(format!("none of {failed} episodes could be drawn"))),
        _ => bail!("{failed} of {} episodes could not be drawn; {} says why", episodes.len(), page.display()),
    }
}

/// The film's name: the episode's own, dots and all, and what it is written as.
fn film_name(stem: &OsStr, format: SheetFormat) -> OsString {
    let mut name = stem.to_owned();
    name.push(".");
    name.push(format.extension());
    name
}

fn page_of(title: &str, cells: &[Markup]) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                main { @for cell in cells { (cell) } }
            }
        }
    };
    page.into_string()
}

fn film_cell(name: &str, drawn: &Drawn, format: SheetFormat) -> Result<Markup> {
    let recording = &drawn.recording;
    let last = recording.actions.len();
    let annotations = &recording.annotations;
    let right = annotations.iter().filter(|annotation| {
        let row = annotation.row(last);
        let best = (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b]));
        best.and_then(|best| annotation.asked.candidates.get(best)) == Some(&annotation.asked.answer)
    });
    let source = relative_address(&drawn.target.file_name().unwrap_or_default().to_string_lossy());
    let poster = poster(&drawn.last)?;
    Ok(html! {
        figure {
            @match format {
                SheetFormat::Mp4 => video controls muted loop preload="metadata" poster=(poster) src=(source) {},
                SheetFormat::Gif | SheetFormat::Webp => a href=(source) { img src=(source) alt=(name); },
                SheetFormat::Png => a href={ (source) "/" } { img src=(poster) alt=(name); },
            }
            figcaption {
                b { (name) }
                p { (recording.agent) ", room " (recording.episode_seed) ", " (last) " steps, reward " (drawn.reward) }
                @if !annotations.is_empty() {
                    p { (right.count()) " of " (annotations.len()) " questions right at the end" }
                }
                @if let Some(difference) = &drawn.difference { p.wrong { "not verified: " (difference) } }
            }
        }
    })
}

/// A name as an address beside the page: what has a meaning of its own in addresses is written as its bytes.
fn relative_address(name: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    format!("./{}", name.bytes().map(byte).collect::<String>())
}

/// The picture, made smaller, as an address that contains it.
fn poster(picture: &Canvas) -> Result<String> {
    let (width, height) = (picture.width().min(POSTER), picture.height());
    let height = (height * width / picture.width()).max(1);
    let mut small = Canvas::new(width, height, [0; 3])?;
    let whole = Rect { x: 0, y: 0, width: width as i32, height: height as i32 };
    small.draw_picture(Picture::new(picture.width(), picture.height(), picture.rgb())?, whole);
    Ok(format!("data:image/png;base64,{}", STANDARD.encode(small.to_png()?)))
}

/// The page as a whole or not at all.
fn write_page(path: &Path, page: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any other new file: what the user's mask leaves of it.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let write = || -> std::io::Result<()> {
        let mut file = builder.tempfile_in(folder)?;
        file.write_all(page.as_bytes())?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_only_text() {
        let odd = r#"<a b="c">&"#;
        let cell = html! { figure { b { (odd) } } };
        let page = page_of(odd, &[cell]);
        assert!(!page.contains("<a b") && page.matches("&lt;a b=&quot;c&quot;&gt;&amp;").count() == 3, "{page}");
        assert_eq!(relative_address("a b#1?%.mp4"), "./a%20b%231%3F%25.mp4");
    }

    #[test]
    fn a_poster_keeps_its_proportions() {
        let size = |width, height| {
            let address = poster(&Canvas::new(width, height, [7; 3]).unwrap()).unwrap();
            let png = STANDARD.decode(address.strip_prefix("data:image/png;base64,").unwrap()).unwrap();
            let picture = image::load_from_memory(&png).unwrap();
            (picture.width(), picture.height())
        };
        assert_eq!(size(1280, 720), (480, 270));
        assert_eq!((size(100, 60), size(4000, 16)), ((100, 60), (480, 1)));
    }
}
