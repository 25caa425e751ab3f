//! Plots, as SVG: bars and lines over logarithmic scales, readable on light and dark ground.

use std::fmt::Write;

const WIDTH: f64 = 760.0;
/// The first is for our side.
const COLOURS: [&str; 3] = ["#1668b8", "#d2691e", "#8a8f98"];
const TEXT: &str = "#6b7280";

/// One bar, or one point of a line, with what is written beside it.
pub struct Mark {
    /// The figure.
    pub value: f64,
    /// The text.
    pub label: String,
}

/// Groups of horizontal bars; `series` names the bars of each group.
pub fn bars(title: &[String], series: &[&str], groups: &[(String, Vec<Mark>)]) -> String {
    const LEFT: f64 = 90.0;
    const BAR: f64 = 15.0;
    let values = groups
        .iter()
        .flat_map(|(_, marks)| marks)
        .map(|mark| mark.value);
    let scale = Scale::over(values, LEFT, WIDTH - 130.0);
    let mut svg = Svg::new(title);
    svg.legend(series);
    for (name, marks) in groups {
        let middle = svg.y + BAR * marks.len() as f64 / 2.0 + 4.0;
        svg.text(LEFT - 8.0, middle, "end", name);
        for (mark, colour) in marks.iter().zip(COLOURS) {
            let width = scale.at(mark.value) - LEFT;
            let y = svg.y;
            svg.raw(&format!(
                r#"<rect x="{LEFT}" y="{y:.1}" width="{width:.1}" height="{:.1}" fill="{colour}"/>"#,
                BAR - 3.0
            ));
            svg.text(LEFT + width + 6.0, y + 10.0, "start", &mark.label);
            svg.y += BAR;
        }
        svg.y += 12.0;
    }
    svg.finish()
}

/// Lines over the same points on the horizontal axis; `points` has a name for each of them.
pub fn lines(title: &[String], points: &[String], series: &[(&str, Vec<Mark>)]) -> String {
    const HEIGHT: f64 = 260.0;
    let values = series
        .iter()
        .flat_map(|(_, marks)| marks)
        .map(|mark| mark.value);
    let mut svg = Svg::new(title);
    svg.legend(&series.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    let (top, bottom) = (svg.y + 20.0, svg.y + HEIGHT);
    let scale = Scale::over(values, bottom, top);
    let step = (WIDTH - 160.0) / (points.len().max(2) - 1) as f64;
    let x = |index: usize| 80.0 + step * index as f64;
    for (index, point) in points.iter().enumerate() {
        svg.text(x(index), bottom + 22.0, "middle", point);
    }
    // The labels of the first are below its line, those of the others above theirs.
    let labels_at = [18.0, -9.0, -9.0];
    for (((_, marks), colour), beside) in series.iter().zip(COLOURS).zip(labels_at) {
        let at = marks.iter().enumerate();
        let path: Vec<_> = at
            .map(|(index, mark)| format!("{:.1},{:.1}", x(index), scale.at(mark.value)))
            .collect();
        svg.raw(&format!(
            r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="2"/>"#,
            path.join(" ")
        ));
        for (index, mark) in marks.iter().enumerate() {
            let (x, y) = (x(index), scale.at(mark.value));
            svg.raw(&format!(
                r#"<circle cx="{x:.1}" cy="{y:.1}" r="3.5" fill="{colour}"/>"#
            ));
            svg.text(x, y + beside, "middle", &mark.label);
        }
    }
    svg.y = bottom + 40.0;
    svg.finish()
}

/// A logarithmic scale from one position to another.
struct Scale {
    from: f64,
    to: f64,
    low: f64,
    high: f64,
}

impl Scale {
    /// Half of the lowest value is at `from`, the highest at `to`.
    fn over(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let (low, high) = values.fold((f64::MAX, f64::MIN_POSITIVE), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        Self {
            from,
            to,
            low: (low / 2.0).ln(),
            high: high.ln(),
        }
    }

    fn at(&self, value: f64) -> f64 {
        let part = (value.ln() - self.low) / (self.high - self.low);
        self.from + (self.to - self.from) * part
    }
}

struct Svg {
    body: String,
    /// Where the next thing goes.
    y: f64,
}

impl Svg {
    fn new(title: &[String]) -> Self {
        let mut svg = Self {
            body: String::new(),
            y: 8.0,
        };
        for line in title {
            svg.y += 16.0;
            svg.text(8.0, svg.y, "start", line);
        }
        svg.y += 14.0;
        svg
    }

    fn legend(&mut self, series: &[&str]) {
        let y = self.y;
        for ((index, name), colour) in series.iter().enumerate().zip(COLOURS) {
            let x = 8.0 + 180.0 * index as f64;
            self.raw(&format!(
                r#"<rect x="{x:.1}" y="{y:.1}" width="12" height="12" fill="{colour}"/>"#
            ));
            self.text(x + 18.0, y + 10.0, "start", name);
        }
        self.y += 30.0;
    }

    fn text(&mut self, x: f64, y: f64, anchor: &str, text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.raw(&format!(
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{text}</text>"#
        ));
    }

    fn raw(&mut self, element: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.body, "{element}");
    }

    fn finish(self) -> String {
        let height = self.y + 8.0;
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0}" font-family="sans-serif" font-size="12" fill="{TEXT}">
{}</svg>
"#,
            self.body
        )
    }
}
