//! Structs, objects and calls of methods.

use jobs_delayed_job::{PayloadObject, Receiver};
use serde_json::{Value, json};

use super::refused;

fn named(text: &str) -> (String, Value) {
    let handler = PayloadObject::read(text).unwrap();
    (handler.name(), serde_json::from_str(&handler.arguments()).unwrap())
}

#[test]
fn an_object_is_named_by_its_class_and_has_its_variables_as_arguments() {
    let text = "--- !ruby/object:Billing::Charge\na: x\nlist:\n- 1\n- :three\n-\n";
    assert_eq!(named(text), ("Billing::Charge".to_owned(), json!({"a": "x", "list": [1, "three", null]})));
    assert_eq!(named("--- !ruby/object:Empty {}\n"), ("Empty".to_owned(), json!({})));
}

#[test]
fn a_call_on_a_class_or_module_has_the_arguments_of_the_call() {
    for kind in ["class", "module"] {
        let call = format!(
            "--- !ruby/object:Delayed::PerformableMethod\nobject: !ruby/{kind} 'A::B'\nmethod_name: :add\nargs:\n- 1\n- 2\n"
        );
        assert_eq!(named(&call), ("A::B.add".to_owned(), json!([1, 2])));
    }
    let mail = "--- !ruby/object:Delayed::PerformableMailer\nobject: !ruby/class 'UserMailer'\nmethod_name: :welcome\nargs: []\n";
    assert_eq!(named(mail), ("UserMailer.welcome".to_owned(), json!([])));
}

#[test]
fn a_record_of_any_release_of_rails_is_its_class_and_primary_key() {
    let forms = [
        "!ruby/object:Item\n  concise_attributes:\n  - !ruby/object:ActiveModel::Attribute::FromDatabase\n    name: id\n    value_before_type_cast: 7\n  new_record: false\n",
        "!ruby/object:Item\n  raw_attributes:\n    name: teapot\n    id: 7\n",
        "!ruby/ActiveRecord:Item\n  attributes:\n    id: 7\n    name: teapot\n",
    ];
    for form in forms {
        let call =
            format!("--- !ruby/object:Delayed::PerformableMethod\nobject: {form}method_name: :touch_it\nargs:\n- x\n");
        let PayloadObject::Method(read) = PayloadObject::read(&call).unwrap() else { panic!("a call: {call}") };
        assert!(
            matches!(&read.receiver, Receiver::Record { class, id, .. } if class == "Item" && id.as_deref() == Some("7"))
        );
        assert_eq!(named(&call), ("Item#touch_it".to_owned(), json!([7, "x"])), "{form}");
    }
}

#[test]
fn a_call_on_another_object_has_its_fields_as_the_first_argument() {
    let call = "--- !ruby/object:Delayed::PerformableMethod\nobject: !ruby/object:Report\n  year: 2026\nmethod_name: :build\nargs: []\n";
    assert_eq!(named(call), ("Report#build".to_owned(), json!([{"year": 2026}])));
}

#[test]
fn the_class_is_found_without_reading_the_rest() {
    let rest = "\n  this: [is no YAML\n\t- at all";
    for (tag, class) in [
        ("!ruby/struct:SendMail", "SendMail"),
        ("!ruby/object:A::B", "A::B"),
        ("!ruby/object:Delayed::PerformableMethod", "Delayed::PerformableMethod"),
        ("&1 !ruby/object:A", "A"),
    ] {
        assert_eq!(PayloadObject::class_of(&format!("--- {tag}{rest}")), Some(class.into()));
    }
    for text in ["", "---", "--- 1\n", "--- !ruby/object:\n", "--- !binary x\n", "no yaml", "--- !ruby/class 'A'\n"] {
        assert_eq!(PayloadObject::class_of(text), None, "{text:?}");
    }
}

#[test]
fn a_tag_that_is_not_known_is_data_only() {
    let text = "--- !ruby/struct:A\nx: !ruby/object:Gem::Requirement\n  requirements: !ruby/object:Kernel\n    system: rm\ny: !other/tag z\n";
    assert_eq!(named(text).1, json!({"x": {"requirements": {"system": "rm"}}, "y": "z"}));
}

#[test]
fn a_handler_without_a_class_or_a_method_is_refused_with_a_clear_word() {
    assert!(refused("").contains("it is empty"));
    assert!(refused("--- hello\n").contains("does not begin with the tag of a class"));
    assert!(refused("no yaml: [").contains("it is not YAML"));
    assert!(refused("--- !ruby/regexp /x/\n").contains("names no class"));
    assert!(refused("--- !ruby/object:Delayed::PerformableMethod\nobject: 1\n").contains("names no method"));
    assert!(refused("--- !ruby/object:Delayed::PerformableMethod\nmethod_name: :x\n").contains("names no object"));
}

#[test]
fn a_class_of_any_script_is_named_with_its_letters() {
    let text = "--- !ruby/struct:%C3%89t%C3%A9\nx: 1\n";
    assert_eq!(PayloadObject::class_of(text), Some("Été".into()));
    assert_eq!(PayloadObject::read(text).unwrap().name(), "Été");
}
