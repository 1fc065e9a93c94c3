//! The identities of jobs: the UUID of Active Job, and the number of a row.

use jobs_core::{ForeignId, JobId};
use uuid::Uuid;

/// The `active_job_id` of a job: its sixteen bytes as a UUID.
pub(crate) fn active_job_id_of(id: JobId) -> String {
    Uuid::from_bytes(*id.as_bytes()).hyphenated().to_string()
}

/// The id of the job in a row: its `active_job_id`, which all rows of one job have in common. A row with another text there, or
/// with none, has its number.
pub(crate) fn id_of(active_job_id: Option<&str>, row: i64) -> JobId {
    let uuid = active_job_id.and_then(|text| Uuid::try_parse(text).ok().filter(|uuid| uuid.to_string() == text));
    uuid.map_or_else(|| JobId::from_number(row), |uuid| JobId::from_bytes(*uuid.as_bytes()))
}

/// The row that an id names by its number: what Ruby calls `provider_job_id`.
pub(crate) fn row_of(id: JobId) -> Option<i64> {
    match id.foreign() {
        Some(ForeignId::Number(row)) => Some(row),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_active_job_is_the_id_of_the_job_and_comes_back() {
        let text = "30f870aa-2463-4f3c-b299-c7e589dbc786";
        let id = id_of(Some(text), 7);
        assert_eq!((id.to_string(), active_job_id_of(id), row_of(id)), (text.to_owned(), text.to_owned(), None));
        for bytes in [[0; 16], [0xff; 16], *b"'; DROP TABLE --"] {
            let id = JobId::from_bytes(bytes);
            assert_eq!(id_of(Some(&active_job_id_of(id)), 7), id);
        }
        let of_another_store = JobId::from_number(4325);
        assert_eq!(id_of(Some(&active_job_id_of(of_another_store)), 7), of_another_store);
    }

    #[test]
    fn a_row_without_a_uuid_of_its_own_has_its_number() {
        for other in [None, Some(""), Some("soon"), Some("30F870AA-2463-4f3c-b299-c7e589dbc786")] {
            let id = id_of(other, 7);
            assert_eq!((id.to_string(), row_of(id)), ("7".to_owned(), Some(7)), "{other:?}");
        }
    }
}
