/** What the catalogue says of our model families; they train in libs/models, which loads TensorFlow. */
const families = {
  mlp: { title: "Networks of dense layers" },
  cnn: { title: "Convolutional networks" },
  autoencoder: { title: "Autoencoders" },
  "sindy-autoencoder": { title: "Discovering equations from images" },
  sindy: { title: "Discovering equations" },
  pinn: { title: "Physics-informed networks" },
  descent: { title: "Optimizers on functions" },
  diagnostic: { title: "Diagnostics of the platform" },
} as const;

/** The model families that experiments can be trained with. */
export type FamilyId = keyof typeof families;

/** A family that a package from outside brings; the slash keeps it apart from ours. */
export type ExtensionFamilyId = `${string}/${string}`;

const isOurs = (id: string): id is FamilyId => Object.hasOwn(families, id);

/** What heads the experiments of a family: ours have their titles here, one from outside what its experiments say, else its id. */
export const familyTitle = (id: string, fromOutside?: string): string => (isOurs(id) ? families[id].title : (fromOutside ?? id));
