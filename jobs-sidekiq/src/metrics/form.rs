//! The keys of metrics, which each line of versions has in its own form. Pure.

use std::time::Duration;

use jobs_core::{TimeRange, Timestamp};

use crate::payload::{Fleet, Version};

/// The versions that have a form in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MetricsForm {
    /// Sidekiq 7.
    Seven,
    /// Sidekiq 8.
    Eight,
}

const HOUR: u64 = 60 * 60;

impl MetricsForm {
    /// How long a histogram is kept.
    pub(crate) const HISTOGRAM_SECONDS: u64 = 8 * HOUR;

    /// The forms for the pages of a fleet, or of the version that the options name. Sidekiq 6 has no such page; without Ruby
    /// processes the form is the newest.
    pub(crate) fn of(fleet: Option<Fleet>, named: Option<Version>) -> Vec<Self> {
        let of_named = named.map(|version| Fleet { oldest: version, newest: version });
        let Some(Fleet { oldest, newest }) = of_named.or(fleet) else { return vec![Self::Eight] };
        let has_seven = !oldest.is_eight() && newest.has_metrics();
        let forms = [(has_seven, Self::Seven), (newest.is_eight(), Self::Eight)];
        forms.into_iter().filter(|(has, _)| *has).map(|(_, form)| form).collect()
    }

    /// The hashes of counters at this time, and for how many seconds each is kept.
    pub(crate) fn counters(self, now: Timestamp) -> Vec<(String, u64)> {
        let Utc { year, month, day, hour, minute } = Utc::of(now);
        match self {
            Self::Seven => vec![(format!("j|{year}{month:02}{day:02}|{hour}:{minute}"), 8 * HOUR)],
            Self::Eight => {
                let date = format!("j|{:02}{month:02}{day:02}|{hour}", year % 100);
                vec![(format!("{date}:{minute:02}"), 8 * HOUR), (format!("{date}:{}", minute / 10), 72 * HOUR)]
            }
        }
    }

    /// The hashes of counters that lie in a range, each with a time in it, as far back as they are kept: by the minute for an
    /// hour, otherwise by ten minutes if there are such.
    pub(crate) fn counters_of(self, range: TimeRange, now: Timestamp) -> Vec<(String, Timestamp)> {
        let (index, step, kept) = match (self, range) {
            (Self::Eight, TimeRange::Day | TimeRange::Week) => (1, 10 * 60, 72 * HOUR),
            _ => (0, 60, 8 * HOUR),
        };
        let first = range.first(now);
        let times =
            (0..kept / step).map(|number| now - Duration::from_secs(number * step)).take_while(|at| *at >= first);
        times.filter_map(|at| Some((self.counters(at).into_iter().nth(index)?.0, at))).collect()
    }

    /// The histogram of a class at this time.
    pub(crate) fn histogram(self, class: &str, now: Timestamp) -> String {
        let Utc { day, hour, minute, .. } = Utc::of(now);
        match self {
            Self::Seven => format!("{class}-{day:02}-{hour:02}:{minute}"),
            Self::Eight => format!("h|{class}-{day}-{hour}:{minute}"),
        }
    }
}

struct Utc {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
}

impl Utc {
    /// A time, which is written `2026-11-29T16:41:23Z`.
    fn of(at: Timestamp) -> Self {
        let text = at.to_string();
        let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse().ok()).unwrap_or(0);
        Self { year: part(0, 4), month: part(5, 7), day: part(8, 10), hour: part(11, 13), minute: part(14, 16) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(form: MetricsForm, now: Timestamp) -> Vec<String> {
        form.counters(now).into_iter().map(|(key, _)| key).chain([form.histogram("X", now)]).collect()
    }

    #[test]
    fn the_keys_are_those_of_the_version() {
        // 2026-01-02 03:04 in UTC, and 2026-11-29 16:41.
        let (early, late) =
            (Timestamp::from_micros(1_767_323_050_000_000), Timestamp::from_micros(1_795_970_483_000_000));
        assert_eq!(keys(MetricsForm::Eight, early), ["j|260102|3:04", "j|260102|3:0", "h|X-2-3:4"]);
        assert_eq!(keys(MetricsForm::Eight, late), ["j|261129|16:41", "j|261129|16:4", "h|X-29-16:41"]);
        assert_eq!(keys(MetricsForm::Seven, early), ["j|20260102|3:4", "X-02-03:4"]);
        assert_eq!(keys(MetricsForm::Seven, late), ["j|20261129|16:41", "X-29-16:41"]);
    }

    #[test]
    fn a_mixed_fleet_gets_both_forms_and_an_old_one_none() {
        let fleet = |versions: &[&str]| Fleet::of(versions.iter().map(|text| Version::parse(text).unwrap()));
        assert_eq!(MetricsForm::of(fleet(&["7.3", "8.1"]), None), [MetricsForm::Seven, MetricsForm::Eight]);
        assert_eq!(MetricsForm::of(fleet(&["7.0"]), None), [MetricsForm::Seven]);
        assert_eq!(MetricsForm::of(fleet(&["6.4"]), None), []);
        assert_eq!(MetricsForm::of(None, None), [MetricsForm::Eight]);
        assert_eq!(MetricsForm::of(fleet(&["8.1"]), Version::parse("7.3")), [MetricsForm::Seven]);
    }
}
