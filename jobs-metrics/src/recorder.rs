//! The recorder that receives the metrics.

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Label, Level, Metadata, Recorder, Unit};

use crate::SharedRecorder;
use crate::definitions::{METRICS, Metric, MetricKind};

/// A given recorder, or the one that the process has installed.
#[derive(Clone)]
pub(crate) struct RecorderHandle(Option<SharedRecorder>);

const ORIGIN: Metadata<'static> = Metadata::new("jobs", Level::INFO, Some("jobs"));

impl RecorderHandle {
    /// The recorder that the process has installed.
    pub(crate) const fn installed() -> Self {
        Self(None)
    }

    pub(crate) const fn to(recorder: SharedRecorder) -> Self {
        Self(Some(recorder))
    }

    /// Registers the descriptions of all metrics.
    pub(crate) fn describe(&self) {
        for metric in METRICS {
            let (name, help) = (KeyName::from_const_str(metric.name), metric.help.into());
            let unit = metric.name.contains("_seconds").then_some(Unit::Seconds);
            self.with(|recorder| match metric.kind {
                MetricKind::Counter => recorder.describe_counter(name, unit, help),
                MetricKind::Gauge => recorder.describe_gauge(name, unit, help),
                MetricKind::Histogram => recorder.describe_histogram(name, unit, help),
            });
        }
    }

    pub(crate) fn counter(&self, metric: &Metric, values: &[&str]) -> Counter {
        self.with(|recorder| recorder.register_counter(&key(metric, values), &ORIGIN))
    }

    pub(crate) fn gauge(&self, metric: &Metric, values: &[&str]) -> Gauge {
        self.with(|recorder| recorder.register_gauge(&key(metric, values), &ORIGIN))
    }

    pub(crate) fn histogram(&self, metric: &Metric, values: &[&str]) -> Histogram {
        self.with(|recorder| recorder.register_histogram(&key(metric, values), &ORIGIN))
    }

    fn with<T>(&self, call: impl FnOnce(&dyn Recorder) -> T) -> T {
        match &self.0 {
            Some(recorder) => call(&**recorder),
            None => metrics::with_recorder(call),
        }
    }
}

fn key(metric: &Metric, values: &[&str]) -> Key {
    let labels = metric.labels.iter().zip(values).map(|(label, value)| Label::new(*label, (*value).to_owned()));
    Key::from_parts(metric.name, labels.collect::<Vec<_>>())
}
