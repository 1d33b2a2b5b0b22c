-- A wider pack of the run failed for a reason that may have been its width (its tensors did not fit, or a kernel was interrupted).

ALTER TABLE "run" ADD COLUMN "max_width" INTEGER;
