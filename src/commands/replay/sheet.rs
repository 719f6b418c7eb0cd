//! All episodes of a folder as films, and a page that shows them.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use groundling_sim::Recording;

use super::ReplayArgs;
use super::checking::episodes_of;
use super::film::{Drawn, draw};
use crate::commands::train::stop_on_signal;
use crate::failure::{is_interruption, wrong_input};
use crate::output::{film_exists_already, make_folder};
use crate::say;

const PAGE: &str = "index.html";
const STYLE: &str = "body{font:15px/1.4 system-ui,sans-serif;background:#14161c;color:#eef;margin:24px}\
    main{display:grid;grid-template-columns:repeat(auto-fill,minmax(420px,1fr));gap:20px}\
    figure{margin:0;background:#1e212a;padding:10px;border-radius:6px}video{width:100%;display:block}\
    figcaption{margin-top:8px}.wrong{color:#ff9b90}p{margin:4px 0}";

/// Draws every episode of `folder` into `out`. One that cannot be drawn does not keep the others from it.
pub(super) fn draw_all(args: &ReplayArgs, folder: &Path, out: &Path) -> Result<()> {
    let episodes = episodes_of(folder)?;
    let page = out.join(PAGE);
    if !args.overwrite && page.symlink_metadata().is_ok() {
        return Err(film_exists_already(&page));
    }
    make_folder(out)?;
    let stop = stop_on_signal()?;
    let mut cells = String::new();
    let mut failed = 0;
    for (index, episode) in episodes.iter().enumerate() {
        say!("{} of {}", index + 1, episodes.len());
        let stem = episode.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = format!("{stem}.mp4");
        match draw(args, episode, &out.join(&name), &stop) {
            Ok(drawn) => cells.push_str(&film_cell(&name, &drawn)),
            Err(error) if is_interruption(&error) => return Err(error),
            Err(error) => {
                failed += 1;
                let told = format!("{error:#}");
                say!("{told}");
                let _ =
                    write!(cells, "<figure><p>{}</p><p class=wrong>{}</p></figure>", escaped(&stem), escaped(&told));
            }
        }
    }
    let title = format!("Episodes of {}", folder.display());
    let title = escaped(&title);
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><style>{STYLE}</style>\
         <h1>{title}</h1><main>{cells}</main></html>"
    );
    std::fs::write(&page, html).with_context(|| format!("cannot write {}", page.display()))?;
    say!("{}  {} films", page.display(), episodes.len() - failed);
    match failed {
        0 => Ok(()),
        _ if failed == episodes.len() => Err(wrong_input(format!("none of {failed} episodes could be drawn"))),
        _ => bail!("{failed} of {} episodes could not be drawn; {} says why", episodes.len(), page.display()),
    }
}

fn film_cell(name: &str, drawn: &Drawn) -> String {
    let Recording { agent, episode_seed, actions, annotations, .. } = &drawn.recording;
    let last = actions.len();
    let right = annotations.iter().filter(|annotation| {
        let row = annotation.row(last);
        let best = (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b]));
        best.and_then(|best| annotation.asked.candidates.get(best)) == Some(&annotation.asked.answer)
    });
    let mut words = format!("{agent}, room {episode_seed}, {last} steps");
    if !annotations.is_empty() {
        let _ = write!(words, ", {} of {} questions right at the end", right.count(), annotations.len());
    }
    let warning =
        drawn.difference.as_ref().map_or(String::new(), |told| format!("<p class=wrong>{}</p>", escaped(told)));
    let source = escaped(&drawn.target.file_name().unwrap_or_default().to_string_lossy());
    format!(
        "<figure><video controls muted loop preload=metadata src=\"{source}\"></video>\
         <figcaption><b>{}</b><p>{}</p>{warning}</figcaption></figure>",
        escaped(name),
        escaped(&words)
    )
}

/// Text for HTML, also within quotes.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_only_text() {
        assert_eq!(escaped(r#"<a b="c">&"#), "&lt;a b=&quot;c&quot;&gt;&amp;");
    }
}
