// A file may be dropped anywhere on the form; without this the file field works as ever.

const form = document.querySelector("form[data-drop-file]");
const input = form?.querySelector("input[type=file]");

if (form && input) {
    for (const name of ["dragenter", "dragover"]) {
        form.addEventListener(name, (event) => { event.preventDefault(); form.dataset.over = "yes"; });
    }
    for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => delete form.dataset.over);
    form.addEventListener("drop", (event) => {
        event.preventDefault();
        if (event.dataTransfer.files.length === 1) input.files = event.dataTransfer.files;
    });
}
