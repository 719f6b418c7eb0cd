//! The part of the page that says what is known: the table, and the same as bars.

use maud::{Markup, html};

use super::rows::{kind_name, main_decoder, main_rows, missing_controls};
use crate::chart::{Category, IntervalChart, IntervalSeries, Palette, legend_swatch};
use crate::figures::Figures;
use crate::number_format::{count, percent, short_count};
use crate::outcome::ProbedKind;
use crate::statistics::{Estimate, Interval};
use crate::table::{AccuracyTable, Scores, TableRow};

/// A column of the table: its place in the scores of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Mean,
    LongGaps,
    Template(usize),
}

impl Column {
    fn all(table: &AccuracyTable) -> Vec<Self> {
        let templates = (0..table.columns.len()).map(Self::Template);
        [Self::Mean, Self::LongGaps].into_iter().chain(templates).collect()
    }

    fn of(self, scores: &Scores) -> Option<&Estimate> {
        match self {
            Self::Mean => scores.mean.as_ref(),
            Self::LongGaps => scores.long_gaps.as_ref(),
            Self::Template(index) => scores.templates.get(index)?.as_ref(),
        }
    }
}

pub(super) fn render(figures: &Figures, palette: &Palette) -> Markup {
    let table = &figures.table;
    html! {
        section {
            h2 { "Accuracy" }
            p class="note" { (table.headline().trim_end_matches('.')) "." }
            (missing_controls(table))
            @if !table.rows.is_empty() {
                (accuracy_table(table, palette))
                (legend(table))
                (bars(table, palette))
                @if figures.seen_only.num_episodes > 0 {
                    details {
                        summary { "Only questions whose evidence had been in view before they were asked (balanced accuracy)" }
                        (accuracy_table(&figures.seen_only, palette))
                    }
                }
                (seeds(table))
            }
        }
    }
}

fn accuracy_table(table: &AccuracyTable, palette: &Palette) -> Markup {
    let rows = main_rows(table);
    let columns = Column::all(table);
    let best: Vec<Option<&str>> = columns.iter().map(|&column| clearly_best(table, &rows, column)).collect();
    html! {
        div class="scroll" {
            table class="accuracy" {
                thead {
                    tr {
                        th {}
                        th class="overall" { "mean" (chance(table.mean_chance())) }
                        th class="overall" {
                            "long gaps"
                            small { "\u{2265} " (count(table.long_gaps.steps.into())) " steps" }
                            small { "n " (range(table.long_gaps.min_questions, table.long_gaps.max_questions)) }
                            (chance(table.long_gaps.chance))
                        }
                        @for column in &table.columns {
                            th title=(column.wording) {
                                (breakable(&column.name))
                                small { "n " (range(column.min_questions, column.max_questions)) }
                                (chance(Some(column.chance)))
                            }
                        }
                    }
                }
                tbody {
                    @for row in rows {
                        tr class={ (palette.class(&row.name)) @if !row.kind.is_control() { " agent" } } {
                            th scope="row" {
                                (legend_swatch(palette.class(&row.name), &row.name, None))
                                small { (about(row)) }
                            }
                            @for (column, best) in columns.iter().zip(&best) {
                                (cell(column.of(&row.scores), *best == Some(row.name.as_str()), *column))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn chance(chance: Option<f64>) -> Markup {
    html! { @if let Some(chance) = chance { small { "chance " (percent(chance)) } } }
}

/// A name that may go on in another line after each underscore.
pub(super) fn breakable(name: &str) -> Markup {
    html! {
        @for (index, part) in name.split('_').enumerate() {
            @if index > 0 { "_" wbr; }
            (part)
        }
    }
}

fn about(row: &TableRow) -> String {
    let mut text = kind_name(row.kind).to_owned();
    if row.seeds.len() > 1 {
        text.push_str(&format!(", {} seeds", row.seeds.len()));
    }
    if row.frames_trained > 0 {
        text.push_str(&format!(", {} frames", short_count(row.frames_trained)));
    }
    text
}

fn cell(estimate: Option<&Estimate>, is_best: bool, column: Column) -> Markup {
    let overall = if matches!(column, Column::Template(_)) { "" } else { " overall" };
    html! {
        @if let Some(estimate) = estimate {
            td class={ "figure" (overall) @if is_best { " best" } } style={ "--share:" (format!("{:.1}%", 100.0 * estimate.value)) }
                title={ (count(estimate.num_questions)) " questions" } {
                b { (percent(estimate.value)) } small { (range_of(&estimate.interval)) }
            }
        } @else {
            td class=(overall.trim_start()) { "\u{2013}" }
        }
    }
}

/// `51.0–55.4`
fn range_of(interval: &Interval) -> String {
    format!("{}\u{2013}{}", percent(interval.low), percent(interval.high))
}

fn range(min: u64, max: u64) -> String {
    if min == max { count(max) } else { format!("{}\u{2013}{}", count(min), count(max)) }
}

/// The agent that is better than every other one in this column beyond doubt: the interval of each paired difference lies
/// above 0, or where there is none, the intervals lie apart.
fn clearly_best<'a>(table: &AccuracyTable, rows: &[&'a TableRow], column: Column) -> Option<&'a str> {
    let agents = || rows.iter().filter(|row| row.kind == ProbedKind::Trained);
    let best = agents().max_by(|a, b| {
        let value = |row: &TableRow| column.of(&row.scores).map_or(-1.0, |estimate| estimate.value);
        value(a).total_cmp(&value(b))
    })?;
    let own = column.of(&best.scores)?;
    let is_above = |other: &TableRow| {
        let ahead = table.difference(&best.name, &other.name).and_then(|line| column.of(&line.scores));
        let behind = table.difference(&other.name, &best.name).and_then(|line| column.of(&line.scores));
        match (ahead, behind, column.of(&other.scores)) {
            (Some(ahead), _, _) => ahead.interval.low > 0.0,
            (_, Some(behind), _) => behind.interval.high < 0.0,
            (_, _, Some(other)) => own.interval.low > other.interval.high,
            _ => true,
        }
    };
    let mut others = agents().filter(|row| row.name != best.name).peekable();
    (others.peek().is_some() && others.all(|other| is_above(other))).then_some(best.name.as_str())
}

fn legend(table: &AccuracyTable) -> Markup {
    html! {
        p class="note" {
            "Long gaps: questions whose evidence was last in view so many steps before; answers are not balanced among them, so \
             every right answer of a template weighs the same there (balanced accuracy), and chance is 1 / (number of answers). "
            "Small: the 95 % interval. n: questions. Underlined: the agent that is above every other agent beyond its interval, on \
             the same questions."
            @if let Some(decoder) = main_decoder(table) { " Read by the decoder " code { (decoder) } "." }
            @if table.long_gaps.chance.is_none() {
                " Too few answers have enough questions at long gaps for a figure."
            }
        }
    }
}

fn bars(table: &AccuracyTable, palette: &Palette) -> Markup {
    let asked: Vec<usize> = (0..table.columns.len()).filter(|&index| table.columns[index].max_questions > 0).collect();
    if asked.is_empty() {
        return html! {};
    }
    let mut columns = vec![Column::Mean];
    let mut categories = vec![Category { label: "mean".into(), note: String::new(), chance: table.mean_chance() }];
    if let Some(chance) = table.long_gaps.chance {
        columns.push(Column::LongGaps);
        categories.push(Category { label: "long gaps".into(), note: String::new(), chance: Some(chance) });
    }
    for &index in &asked {
        let column = &table.columns[index];
        columns.push(Column::Template(index));
        let note = format!("n {}", range(column.min_questions, column.max_questions));
        categories.push(Category { label: column.name.clone(), note, chance: Some(column.chance) });
    }
    let series = main_rows(table).into_iter().map(|row| IntervalSeries {
        label: &row.name,
        class: palette.class(&row.name),
        estimates: columns.iter().map(|column| column.of(&row.scores).copied()).collect(),
    });
    let chart = IntervalChart {
        title: "By template",
        width: 960.0,
        height: 330.0,
        x_title: "",
        categories,
        series: series.collect(),
    };
    chart.render()
}

/// Each seed by itself, where a row has several.
fn seeds(table: &AccuracyTable) -> Markup {
    let rows: Vec<&TableRow> = main_rows(table).into_iter().filter(|row| row.seeds.len() > 1).collect();
    let columns = Column::all(table);
    html! {
        @if !rows.is_empty() {
            details {
                summary { "Each seed by itself" }
                div class="scroll" {
                    table class="accuracy" {
                        thead {
                            tr {
                                th {}
                                th class="overall" { "mean" }
                                th class="overall" { "long gaps" }
                                @for column in &table.columns { th { (breakable(&column.name)) } }
                            }
                        }
                        tbody {
                            @for row in rows {
                                @for seed in &row.seeds {
                                    tr {
                                        th scope="row" { (seed.name) }
                                        @for column in &columns { (cell(column.of(&seed.scores), false, *column)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Outcome, ProbeFile, ProbeProtocol, ProbedAgent, TemplateEntry};

    fn best_of(num_right: [u64; 2]) -> Option<String> {
        let agent = |name: &str, num_right| {
            let outcome =
                |episode| Outcome { episode, predicted: u16::from(episode >= num_right), ..Outcome::default() };
            ProbedAgent { outcomes: (0..200).map(outcome).collect(), ..ProbedAgent::new(name, ProbedKind::Trained) }
        };
        let template = TemplateEntry { name: "exist".into(), wording: String::new(), chance: 0.5, answers: vec![0, 1] };
        let agents = vec![agent("lstm", num_right[0]), agent("simcore", num_right[1])];
        let answers = vec!["no".into(), "yes".into()];
        let table = AccuracyTable::of(&ProbeFile::new(vec![template], answers, ProbeProtocol::default(), agents));
        clearly_best(&table, &main_rows(&table), Column::Mean).map(str::to_owned)
    }

    #[test]
    fn the_best_is_marked_only_beyond_doubt() {
        assert_eq!(best_of([100, 160]).as_deref(), Some("simcore"));
        assert_eq!(best_of([160, 100]).as_deref(), Some("lstm"));
        assert_eq!(best_of([100, 101]), None);
        assert_eq!(best_of([100, 100]), None);
    }
}
