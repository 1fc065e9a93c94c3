//! Numbers, words and flags arrive as they were, or are refused where they would not.

use crate::arguments::support::{arrives, carrier, refused};

carrier!(take_integer, TakeInteger, i64);
carrier!(take_float, TakeFloat, f64);
carrier!(take_huge, TakeHuge, i128);
carrier!(take_text, TakeText, String);
carrier!(take_flag, TakeFlag, bool);
carrier!(take_floats, TakeFloats, Vec<f32>);
carrier!(take_perhaps, TakePerhaps, Option<u8>);

#[tokio::test]
async fn an_integer_arrives_up_to_the_ends_of_its_type() {
    arrives!(TakeInteger, 1, 0, i64::MIN, i64::MAX);
}

#[tokio::test]
async fn a_float_arrives_as_a_float_to_the_last_digit() {
    arrives!(TakeFloat, 1.0, 0.1, -0.0, f64::MIN_POSITIVE, f64::MAX);
}

#[tokio::test]
async fn an_integer_beyond_sixty_four_bits_arrives() {
    arrives!(TakeHuge, 1_180_591_620_717_411_303_424, i128::MIN, i128::MAX);
}

#[tokio::test]
async fn any_text_arrives_even_if_it_resembles_another_value() {
    let odd = ["a", "", "größe 🦀", "a\u{0}b\n\"\\", "gid://shop/User/9", "null", r#"{"_aj_serialized":"x"}"#];
    arrives!(TakeText, odd[0].to_owned(), odd[1].to_owned(), odd[2].to_owned(), odd[3].to_owned());
    arrives!(TakeText, odd[5].to_owned(), odd[6].to_owned());
}

#[tokio::test]
async fn a_text_that_looks_like_the_id_of_a_record_stays_a_text() {
    arrives!(TakeText, "gid://shop/User/9".to_owned());
}

#[tokio::test]
async fn a_flag_arrives() {
    arrives!(TakeFlag, true, false);
}

#[tokio::test]
async fn nothing_and_something_arrive_as_such() {
    arrives!(TakePerhaps, None, Some(7));
}

#[tokio::test]
async fn a_number_that_is_not_a_number_is_refused_at_enqueue_by_name() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let words = refused(TakeFloat { value }).await;
        assert!(words.contains("`take_float`") && words.contains("value: invalid type: null"), "{words}");
    }
    let words = refused(TakeFloats { value: vec![1.0, f32::NAN] }).await;
    assert!(words.contains("value[1]"), "{words}");
}
