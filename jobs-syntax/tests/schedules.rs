//! Which schedules are read, how they are described in English, and which are refused.

use jobs_syntax::schedule::{Local, Rhythm, Written, is_zone, read, read_ruby, zone_hint};

#[track_caller]
fn words(text: &str) -> String {
    match read(text) {
        Ok(Written { rhythm, zone: None }) => rhythm.to_string(),
        Ok(Written { rhythm, zone: Some(zone) }) => format!("{rhythm}, {zone}"),
        Err(error) => format!("ERROR {error}"),
    }
}

#[track_caller]
fn same(text: &str, line: &str) {
    let (one, other) = (read(text).expect(text), read(line).expect(line));
    let (Rhythm::Cron(one), Rhythm::Cron(other)) = (one.rhythm, other.rhythm) else {
        assert_eq!(text, line, "both are cron lines");
        return;
    };
    let mut at = Local::midnight(2026, 1, 30);
    for _ in 0..500 {
        let next = one.next(at);
        assert_eq!(next, other.next(at), "`{text}` is `{line}`, after {at:?}");
        at = next.expect("it goes on");
    }
}

#[track_caller]
fn refused(text: &str, because: &str) {
    let error = read(text).expect_err(text).to_string();
    assert!(error.contains(because), "`{text}`: {error}");
}

#[test]
fn schedules_are_described_in_english() {
    for (text, described) in [
        ("0 2 * * *", "at 02:00 every day"),
        ("0 2 * * * Europe/Berlin", "at 02:00 every day, Europe/Berlin"),
        ("*/5 * * * *", "every 5 minutes"),
        ("*/7 * * * *", "every 7 minutes, anew each time it begins"),
        ("* * * * *", "every minute"),
        ("* * * * * *", "every second"),
        ("*/10 * * * * *", "every 10 seconds"),
        ("12 * * * *", "every hour at minute 12"),
        ("@hourly", "every hour"),
        ("0 */2 * * *", "every 2 hours"),
        ("30 9,17 * * mon-fri", "at 09:30 and 17:30 on Monday to Friday"),
        ("*/15 9-17 * * *", "every 15 minutes of the hours 9 to 17"),
        ("0 0 L * *", "at 00:00 on the last day of the month"),
        ("0 9 * * 1#2", "at 09:00 on the second Monday of the month"),
        ("0 9 * * friL", "at 09:00 on the last Friday of the month"),
        ("0 0 13 * 5", "at 00:00 on day 13 of the month or on Friday"),
        ("0 0 13 * 5&", "at 00:00 on day 13 of the month if it is Friday"),
        ("0 0 1 1 *", "at 00:00 on day 1 of the month in January"),
        ("every 5m", "every 5m"),
        ("every 90m", "every 1h30m"),
        ("every 1.5h", "every 1h30m"),
        ("every 1h 30m", "every 1h30m"),
        ("every 1w", "every 7d"),
    ] {
        assert_eq!(words(text), described, "{text}");
    }
}

#[test]
fn english_is_read_as_the_cron_line_with_the_same_meaning() {
    for (text, line) in [
        ("every second", "* * * * * *"),
        ("every minute", "* * * * *"),
        ("every 5 minutes", "*/5 * * * *"),
        ("every 12 hours", "0 */12 * * *"),
        ("every 2 hours", "0 */2 * * *"),
        ("every day", "0 0 * * *"),
        ("every day at 9am", "0 9 * * *"),
        ("every day at 5 pm", "0 17 * * *"),
        ("every day at 12am", "0 0 * * *"),
        ("every weekday at noon", "0 12 * * 1-5"),
        ("at 12 every day", "0 12 * * *"),
        ("at 5:30pm on monday", "30 17 * * 1"),
        ("every hour at minute 12", "12 * * * *"),
        ("every month on day 2 at 10:00", "0 10 2 * *"),
        ("every month on the 1st and the 15th at 6:00", "0 6 1,15 * *"),
        ("every monday and thursday at 9:00", "0 9 * * 1,4"),
        ("every mon, wed at 9:00", "0 9 * * 1,3"),
        ("every monday to friday at 8", "0 8 * * 1-5"),
        ("every day at 9:00 and 17:00", "0 9,17 * * *"),
        ("every week", "0 0 * * 0"),
        ("every midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * sun"),
        ("@noon", "0 12 * * *"),
        ("0 22-2 * * *", "0 22,23,0,1,2 * * *"),
        ("0 9 * * fri-mon", "0 9 * * 5,6,0,1"),
        ("0 9 * * 7", "0 9 * * sunday"),
        ("5/10 * * * *", "5,15,25,35,45,55 * * * *"),
        ("0 0 ? * mon", "0 0 * * 1"),
        ("0 0 */2 * mon", "0 0 */2 * mon&"),
    ] {
        same(text, line);
    }
}

#[test]
fn what_has_one_meaning_is_read_also_where_the_step_is_the_whole_unit() {
    for (text, line) in [
        ("every 60 seconds", "* * * * *"),
        ("every 60 minutes", "0 * * * *"),
        ("every 24 hours", "0 0 * * *"),
        ("every 120 minutes", "0 */2 * * *"),
        ("every 12 hours at minute 8", "8 0,12 * * *"),
        ("every year", "0 0 1 1 *"),
        ("every 3 months", "0 0 1 1,4,7,10 *"),
        ("every day at five", "0 5 * * *"),
        ("every day at five thirty pm", "30 17 * * *"),
        ("every 1st of the month at 2am", "0 2 1 * *"),
        ("every 2nd and last of the month", "0 0 2,L * *"),
        ("every last day of the month at noon", "0 12 -1 * *"),
        ("every 5 minutes from 8am to 5pm", "*/5 8-16 * * *"),
        ("0 */24 * * *", "0 0 * * *"),
        ("0 0 */31 * *", "0 0 1 * *"),
        ("0 0 -7--5 * *", "0 0 -7,-6,-5 * *"),
        ("0 0 * * fri#last", "0 0 * * friL"),
    ] {
        same(text, line);
    }
}

#[test]
fn a_time_zone_may_follow_the_schedule() {
    for (text, zone) in [
        ("0 9 * * * America/New_York", "America/New_York"),
        ("every day at 9am in Europe/Berlin", "Europe/Berlin"),
        ("every day at noon on America/Los_Angeles", "America/Los_Angeles"),
        ("@daily UTC", "UTC"),
        ("0 0 9 * * mon America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    ] {
        assert_eq!(read(text).expect(text).zone.as_deref(), Some(zone));
    }
    assert_eq!(read("0 0 9 * * mon-fri/2").expect("a step is no zone").zone, None);
}

#[test]
fn a_text_with_two_meanings_is_refused_with_both_ways_to_write_it() {
    refused("every 90 minutes", "`every 90m`");
    refused("every 7 minutes", "`*/7 * * * *`");
    refused("every 5 hours", "`every 5h`");
    refused("every 2 days", "`0 0 */2 * *`");
    refused("every day at 9:00 and 17:30", "one task for each");
    refused("*/90 * * * *", "`every 90m`");
}

#[test]
fn two_schedules_in_one_text_are_refused() {
    for text in [
        "every day at 5 and every monday at 6",
        "every monday at 5 and every friday at 6",
        "every day at 5am and every day at 6am",
        "every day and every monday",
        "every hour and every day",
    ] {
        refused(text, "one task for each");
    }
    for text in ["every second monday", "every third friday at 5pm", "every last weekday"] {
        refused(text, "mon#2");
    }
    for text in ["every hour at 5am", "every 2 hours at 17:30", "every hour on monday at noon", "every 1h at 9 and 17"]
    {
        refused(text, "times of day beside an interval of hours");
    }
    same("every monday and every friday at 5am", "0 5 * * 1,5");
    same("every hour, every 15 minutes", "*/15 * * * *");
    same("every monday every 2 hours", "0 */2 * * 1");
    same("every hour on monday", "0 * * * 1");
    same("every hour from 9am to 5pm", "0 9-17 * * *");
}

/// The schedules that a message proposes: what stands between accents and is a whole schedule.
fn proposed(message: &str) -> Vec<&str> {
    let between = message.split('`').skip(1).step_by(2);
    between.filter(|text| text.starts_with("every ") || text.starts_with('@') || text.split(' ').count() >= 5).collect()
}

#[test]
fn each_schedule_that_a_message_proposes_is_read_itself() {
    let numbers = [0, 1, 2, 7, 13, 25, 31, 36, 45, 59, 61, 72, 90, 100, 366, 1500];
    let units = ["second", "minute", "hour", "day", "week", "month", "year"];
    let words = numbers.iter().flat_map(|number| units.map(|unit| format!("every {number} {unit}s")));
    let steps = numbers.iter().flat_map(|number| {
        ["*/N * * * * *", "*/N * * * *", "0 */N * * *", "0 0 */N * *", "0 0 1 */N *", "0 0 * * */N"]
            .map(|line| line.replace('N', &number.to_string()))
    });
    let others = [
        "",
        "every",
        "@often",
        "@every 10m",
        "every 0s",
        "every 500ms",
        "every blue moon",
        "in 5 minutes",
        "0 0 30 2 *",
        "every month on monday",
        "every monday on the 13th",
        "every 10 seconds at noon",
        "every day at 9:00 and 17:30",
        "0 0 * * mon#6",
        "0 0 -32 * *",
        "every day at dawn",
        "every month on day 40",
        "every 1h 90x",
        "* * *",
    ];
    let mut found = 0;
    for text in words.chain(steps).chain(others.map(ToOwned::to_owned)) {
        let Err(error) = read(&text) else { continue };
        for proposal in proposed(&error.to_string()).into_iter().filter(|proposal| !text.starts_with(proposal)) {
            assert!(read(proposal).is_ok(), "`{text}`: {error}");
            found += 1;
        }
    }
    assert!(found > 150, "{found} proposals were read");
}

#[test]
fn a_zone_may_stand_behind_without_a_slash_and_a_weekday_is_none() {
    let zone = |text: &str| read(text).expect(text).zone;
    assert_eq!(zone("0 2 * * * CET").as_deref(), Some("CET"));
    assert_eq!(zone("0 2 * * * Berln").as_deref(), Some("Berln"), "so that the zone is told, and not a weekday");
    assert_eq!(zone("every sunday at 07:00 IST").as_deref(), Some("IST"));
    for text in ["0 0 9 * * MON", "0 0 9 * * MON-FRI", "0 9 * * FRIL", "every day at 12 NOON", "EVERY DAY AT NOON"] {
        assert_eq!(zone(text), None, "{text}");
    }
}

#[test]
fn what_is_not_a_schedule_is_refused_with_a_reason() {
    refused("", "empty");
    refused("* * * *", "this one has 4");
    refused("* * * * * * *", "this one has 7");
    refused("60 * * * *", "`60` is not a valid minute: write a number from 0 to 59");
    refused("0 24 * * *", "`24` is not a valid hour");
    refused("0 0 32 * *", "day of the month");
    refused("0 0 * 13 *", "from `jan` to `dec`");
    refused("0 0 * * 8", "from `sun` to `sat`");
    refused("0 0 * * funday", "`funday` is not a valid weekday");
    refused("0 0 * * mon%2", "`mon%2` is not a valid weekday");
    refused("0 0 * * mon#6", "from 1 to 5");
    refused("*/0 * * * *", "never moves on");
    refused("30-10 * * * *", "before its beginning");
    refused("@reboot", "where the program starts");
    refused("@every 10m", "`every 10m`");
    refused("@often", "`@daily`");
    refused("in 5 minutes", "is not understood");
    refused("every blue moon", "`blue` is not understood");
    refused("every day at dawn", "`dawn` is not a time of day");
    refused("every 5x", "the units are us, ms, s, m, h, d, w");
    refused("every 500ms", "whole seconds");
    refused("every 0s", "whole seconds");
    refused("every 200000d", "a hundred years");
    refused("0 0 30 2 *", "never fires");
    refused("0 0 31 4,6,9,11 *", "never fires");
}

#[test]
fn a_leap_day_is_found_also_after_a_year_without_one() {
    let next = |text: &str, from| match read(text).expect(text).rhythm {
        Rhythm::Cron(cron) => cron.next(from),
        Rhythm::Every(_) => None,
    };
    assert_eq!(next("0 0 29 2 *", Local::midnight(2096, 3, 1)), Some(Local::midnight(2104, 2, 29)));
    assert_eq!(next("0 0 29 2 mon&", Local::midnight(2072, 3, 1)), Some(Local::midnight(2112, 2, 29)));
}

#[test]
fn any_text_is_read_or_refused_without_a_panic() {
    let pieces =
        ["*", "5", "-", "/", ",", "#", "L", "&", "mon", "@", "every", " ", "at", "ü", "\0", "99999999999", "UTC"];
    for one in pieces {
        for two in pieces {
            for three in pieces {
                let text = format!("{one}{two} {three} * {two}{three} {one}");
                let _answer = read(&text);
            }
        }
    }
}

#[test]
fn advice_about_an_interval_does_not_lose_the_other_words() {
    refused("every 3 days", "`0 0 */3 * *`");
    for text in ["every 3 days at 5am", "at 5am every 3 days", "every 7 hours at minute 12"] {
        let error = read(text).expect_err(text).to_string();
        assert!(error.contains("a cron line with `*/") && !error.contains("`0 "), "`{text}`: {error}");
    }
    refused("every 3 days at 5am", "`*/3` as its day");
}

#[test]
fn weeks_of_rubys_files_are_not_advised_with_what_is_refused() {
    for text in ["every 2w", "every 2 weeks", "every 2 weeks at 5am"] {
        let error = read_ruby(text).expect_err(text).to_string();
        let advised = text.replace("2 weeks", "week").replace("2w", "week");
        assert!(error.contains(&format!("write `{advised}`, and let the job look at the week")), "`{text}`: {error}");
        assert!(!error.contains("`every 2w`"), "{error}");
        read_ruby(&advised).expect("what is advised is read");
    }
    refused("every 2 weeks", "write `every 2w`");
    read("every 2w").expect("what is advised is read");
}

#[test]
fn advice_about_several_weeks_keeps_the_day_and_the_time() {
    for rest in [" on monday", " on Monday at 9:30", " at 5am on friday", ", monday and friday at noon"] {
        let (text, advised) = (format!("every 2 weeks{rest}"), format!("every week{rest}"));
        for error in [read(&text).expect_err(&text), read_ruby(&text).expect_err(&text)] {
            assert!(
                error.to_string().contains(&format!("write `{advised}`, and let the job look")),
                "`{text}`: {error}"
            );
            assert!(!error.to_string().contains("every 2w"), "the rhythm would lose the day: {error}");
        }
        read(&advised).expect("what is advised is read");
    }
    refused("on monday every 2 weeks", "write `every week`, and let the job look");
}

#[test]
fn weekdays_of_some_weeks_only_are_refused_with_what_to_write() {
    for (line, day) in
        [("0 9 * * 1%2", "1"), ("0 9 * * mon%2+1", "mon"), ("0 9 * * sun,tue%3", "tue"), ("0 9 * * %2", "mon")]
    {
        for error in [read(line).expect_err(line), read_ruby(line).expect_err(line)] {
            let advice = format!("write `{day}`, and let the job look at the week of its tick, `ctx.tick()`");
            assert!(error.to_string().contains(&advice), "`{line}`: {error}");
            assert!(error.to_string().contains(&format!("`{day}#1,{day}#3`")), "`{line}`: {error}");
        }
        read(&format!("0 9 * * {day}#1,{day}#3")).expect("what is advised is read");
    }
}

#[test]
fn a_day_before_the_last_is_advised_as_a_day_from_the_end() {
    refused("0 0 L-2 * *", "write `-3`");
    refused("0 0 l-0 * *", "write `-1`");
    read("0 0 -3 * *").expect("what is advised is read");
}

#[test]
fn a_name_that_is_no_zone_is_not_advised_with_another_zone() {
    for (name, advice) in [
        ("PST", "`America/Los_Angeles`"),
        ("cest", "`Europe/Berlin`"),
        ("IST", "`Asia/Kolkata`, `Europe/Dublin`"),
        ("BST", "`Europe/London`"),
        ("GMT+1", "`Etc/GMT-1` is an hour ahead of UTC"),
        ("UTC+2", "`Etc/GMT-2` is 2 hours ahead of UTC"),
        ("+02:00", "`Etc/GMT-2` is 2 hours ahead of UTC"),
        ("-0500", "`Etc/GMT+5` is 5 hours behind UTC"),
        ("+00:00", "; write `UTC`"),
        ("+05:30", "; write a name of the IANA database"),
        ("XST", "; write a name of the IANA database"),
        ("Berlin", "Rails calls `Europe/Berlin` so"),
        ("CUBA", "did you mean `Cuba`?"),
        ("Europe/Berln", "did you mean `Europe/Berlin`?"),
    ] {
        let hint = zone_hint(name);
        assert!(hint.contains(advice), "{name}: {hint}");
        assert!(hint.split('`').skip(1).step_by(2).all(is_zone), "{name}: {hint}");
    }
}
