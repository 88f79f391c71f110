"""The sentences of images, imports, schools and models.

Read through `core.messages` only.
"""

from __future__ import annotations

from typing import Final

from core.language import N_

SENTENCES: Final[dict[str, str]] = {
    # images that cannot become samples
    "image.empty_file": N_("The file is empty: save the image again."),
    "image.no_file": N_("This is no file: choose an image file."),
    "image.file_unreadable": N_(
        "The file cannot be opened ({detail}): check that it exists and may be read."
    ),
    "image.unknown_format": N_(
        "The content is no image that is understood: use PNG, JPEG, BMP, TIFF, WebP or GIF."
    ),
    "image.too_many_bytes": N_("The file has {size} MB: at most {limit} MB are allowed."),
    "image.too_many_pixels": N_(
        "The image has more than {limit} million pixels: scan or export it smaller."
    ),
    "image.too_small": N_(
        "The image has {width} × {height} pixels: each side needs at least {least}."
    ),
    "image.broken": N_(
        "The {format} image is damaged or incomplete: save it again from its source."
    ),
    "image.blank": N_(
        "There is no handwriting on the image: check that ink and paper differ clearly."
    ),
    "image.decoder_died": N_(
        "Reading the image broke the reader off: save it again as PNG and import that."
    ),
    # imports
    "import.not_found": N_("There is no folder {value}: check the path."),
    "import.not_a_folder": N_("{value} is a file: give a folder, or a manifest.csv."),
    "import.no_images": N_("There is no image below {value}: give a folder school/student/image."),
    "import.columns_missing": N_("manifest.csv lacks the columns {columns}."),
    "import.line_incomplete": N_("Line {line} of manifest.csv lacks school, student or file."),
    "import.time_unreadable": N_(
        "Line {line} of manifest.csv: captured_at is “{value}”; give a time such as"
        " 2025-03-01T08:00:00Z."
    ),
    "import.wrong_depth": N_(
        "The image does not lie in school/student: move it, or name a school."
    ),
    "import.outside": N_("The path leads out of the folder: such files are not taken."),
    "import.link": N_("The file is a link: copy the image itself."),
    "import.file_missing": N_("The file is not there."),
    "import.unreadable": N_("The file cannot be read ({detail})."),
    "import.changed": N_("The file changed while it was read: import it again."),
    "import.name_unstorable": N_(
        "The name of school, student or file holds characters that cannot be stored: rename it."
    ),
    "import.not_utf8": N_("manifest.csv is not in UTF-8: save it in this encoding."),
    "import.manifest_unreadable": N_("manifest.csv cannot be read ({detail})."),
    "import.not_stored": N_(
        "{file} could not be stored ({detail}): check the disk of the data folder; what was taken"
        " in before is kept."
    ),
    "import.other_student": N_("The same image is already stored as by {student}."),
    # schools, samples, models
    "school.not_found": N_("There is no school “{school}”: see the list of schools."),
    "school.name_empty": N_("The school needs a name of 1 to 200 characters."),
    "school.name_taken": N_("A school named “{name}” already exists."),
    "model.none_in_service": N_("No model is in service for {school}: run a full training first."),
    "model.damaged": N_("The files of model version {version} are missing or damaged."),
}
