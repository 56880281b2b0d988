"""Plain-word factories: `people.a_person()`, `institutions.an_agreement()`, `relief.a_status()`."""
