//! The limits and the stored form of the logs of attempts.

use jobs_core::{AttemptLog, ClaimToken, Decision, ErrorRecord, JobId, LogBuffer, LogLevel, LogLimits, LogLine};
use jobs_core::{ProcessId, Settlement, Timestamp};

fn line(message: impl Into<String>) -> LogLine {
    LogLine::new(Timestamp::from_micros(7), LogLevel::Info, "shop", message)
}

fn collected(limits: LogLimits, lines: impl IntoIterator<Item = LogLine>) -> Option<AttemptLog> {
    let mut buffer = LogBuffer::new(limits);
    lines.into_iter().for_each(|line| buffer.push(line));
    buffer.finish()
}

#[test]
fn lines_within_the_limits_are_all_first_lines() {
    let log = collected(LogLimits::default(), (0..100).map(|number| line(number.to_string()))).unwrap();
    assert_eq!((log.first.len(), log.left_out, log.last.len()), (100, 0, 0));
    assert!(log.first.iter().enumerate().all(|(index, line)| line.message == index.to_string()));
    assert_eq!(collected(LogLimits::default(), []), None);
}

#[test]
fn any_number_of_lines_of_any_length_stays_within_lines_and_bytes_in_order() {
    for (lines, bytes, length) in
        [(1, 0, 10), (4, usize::MAX, 3000), (100, 16 << 10, 900), (10_000, 0, 1), (7, 9000, 1024)]
    {
        let text = |number: usize| format!("{number}{}", "x".repeat(length));
        let log = collected(LogLimits::new(lines, bytes), (0..20_000).map(|number| line(text(number)))).unwrap();
        let kept = log.len() as u64;
        assert_eq!(log.left_out + kept, 20_000, "each line is kept or counted");
        let size: usize = log.first.iter().chain(&log.last).map(|line| line.message.len() + line.target.len()).sum();
        assert!(log.len() <= lines && size <= bytes.clamp(8 << 10, 1 << 20), "{lines} {bytes}: {} {size}", log.len());
        let at = |line: &LogLine| line.message.chars().take_while(char::is_ascii_digit).collect::<String>();
        let first: Vec<_> = log.first.iter().map(at).collect();
        assert_eq!(first, (0..first.len()).map(|number| number.to_string()).collect::<Vec<_>>());
        assert!(log.last.last().is_some_and(|last| at(last) == "19999"), "the last line is kept");
    }
}

#[test]
fn a_line_with_too_long_texts_and_too_many_fields_is_cut_with_a_mark() {
    let mut huge = line("ü".repeat(5000));
    huge.target = "t".repeat(5000);
    huge.fields = (0..50).map(|number| (format!("{number}{}", "n".repeat(500)), "v".repeat(5000))).collect();
    let log = collected(LogLimits::new(1, 0), [huge]).unwrap();
    let kept = &log.first.first().or(log.last.first()).unwrap();
    assert!(kept.message.ends_with("cut off)") && kept.message.len() <= 1024);
    assert!(kept.target.len() <= 256 && kept.fields.len() == 16);
    assert!(kept.fields.iter().all(|(name, value)| name.len() <= 64 && value.len() <= 256));
}

#[test]
fn a_log_comes_back_from_its_text_also_with_keys_of_a_later_version() {
    let mut line = line("\u{0}\n\"");
    line.fields = vec![("a".into(), "1".into()), ("a".into(), "2".into())];
    let log = AttemptLog::new(vec![line], 3, Vec::new());
    assert_eq!(AttemptLog::from_json(Some(&log.to_json())), Some(Box::new(log.clone())));
    let later = log.to_json().replacen('{', r#"{"later":[1],"#, 1).replace(r#""target""#, r#""later":2,"target""#);
    assert_eq!(AttemptLog::from_json(Some(&later)), Some(Box::new(log)));
    assert_eq!([AttemptLog::from_json(Some("{")), AttemptLog::from_json(None)], [None, None]);
}

#[test]
fn a_settlement_says_where_its_log_belongs() {
    let token = ClaimToken::new(JobId::from_bytes([1; 16]), ProcessId::new(1), 1);
    let log = AttemptLog::new(vec![line("a")], 0, Vec::new());
    let places = |decision: Decision| {
        let settlement = Settlement::new(token, decision).with_log(Some(log.clone()));
        (settlement.error_log().is_some(), settlement.finish_log().is_some())
    };
    let error = || ErrorRecord::new("E", "e");
    let wait = std::time::Duration::ZERO;
    assert_eq!(places(Decision::Finish { keep: true }), (false, true));
    assert_eq!(places(Decision::Finish { keep: false }), (false, false));
    assert_eq!(places(Decision::Fail { meta: None, error: error() }), (true, false));
    assert_eq!(places(Decision::Discard { error: Some(error()) }), (true, false));
    assert_eq!(places(Decision::Discard { error: None }), (false, false));
    assert_eq!(places(Decision::Continue { wait, meta: None }), (false, false));
    assert_eq!(places(Decision::Release), (false, false));
}
